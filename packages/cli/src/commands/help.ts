import {
  meaningOf,
  type OptionName,
  optionGroups,
  optionNames,
  optionRow,
  variableName,
} from '@lockstep/core/internal'
import type { BrandedCommand } from '../in-brand.ts'
import { columns } from '../render/columns.ts'
import { style } from '../render/style.ts'
import { version } from '../version.ts'
import type { Command, DescribedFlag } from './command.ts'

export const helpFlags = {
  help: { takesValue: false, short: 'h', summary: 'Show this help.' },
  version: { takesValue: false, short: 'V', summary: 'Show the version.' },
} as const satisfies Record<string, DescribedFlag>

/** The help of a command, or the overview. */
export function helpFor(
  command: Command | null,
  commands: readonly Command[],
  brand?: BrandedCommand,
): string {
  const shown = command ?? commands.find(({ name }) => name === 'run')
  const usage = command
    ? `lockstep ${[command.name, ...command.positionals, '[options]', ...(command.takesOptions ? [command.rest ?? '[-- ARGS]'] : [])].join(' ').trimEnd()}`
    : 'lockstep [command] [APP] [options] [-- ARGS]'
  const parts = [
    `${style('bold', 'lockstep')} ${version} – ${command?.summary ?? brand?.summary ?? 'start servers, with TLS, the same way everywhere.'}`,
    section('Usage', `  ${usage}`),
    ...(command ? [] : [...(brand ? [] : [section('Examples', examples)]), commandSection(commands)]),
    ...(shown?.takesOptions ? [...ownSection(brand), ...optionSections(shown.neverHonours, brand)] : []),
    section(
      shown?.takesOptions ? 'General' : 'Options',
      columns(Object.entries({ ...shown?.flags, ...helpFlags }).map(describeFlag)),
    ),
    ...(shown?.takesOptions
      ? [
          `Each option is also an environment variable (${variableName('tls.cert')} for --tls-cert) and a key of lockstep.config.ts.\nSee docs/options.md.`,
        ]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** The flags that a product has beside those of every launcher. */
function ownSection(brand: BrandedCommand | undefined): string[] {
  const aliases = Object.entries(brand?.aliases ?? {})
  if (!brand || aliases.length === 0) return []
  const rows = aliases.map(([flag, given]): [string, string] => {
    const { kind, summary } = optionRow(meaningOf(given).name)
    return [`${flag} ${kind.placeholder}`.trim(), summary]
  })
  return [section(`Of ${brand.name}`, columns(rows))]
}

/** The help of commands that share their first word, such as `cert`. */
export function helpForGroup(word: string, commands: readonly Command[]): string {
  const usage = section('Usage', `  lockstep ${word} COMMAND [options]`)
  const more = `\`lockstep ${word} COMMAND --help\` shows the options of a command.`
  return `${[usage, commandSection(commands.filter(({ name }) => name.startsWith(`${word} `))), more].join('\n\n')}\n`
}

const examples = `  lockstep run app.js --workers 2 --tls-self-signed
  lockstep exec --tls-self-signed -- python server.py --port {port}
  lockstep check app.js --tls-cert cert.pem --tls-key key.pem
  lockstep status`

function commandSection(commands: readonly Command[]): string {
  return section(
    'Commands',
    columns(
      commands.map(({ name, positionals, rest, summary }) => [
        [name, ...positionals, ...(rest ? [rest] : [])].join(' '),
        summary,
      ]),
    ),
  )
}

function optionSections(leftOut: readonly OptionName[] = [], brand?: BrandedCommand): string[] {
  return Object.entries(optionGroups).map(([group, title]) =>
    section(
      title,
      columns(
        optionNames
          .filter(
            (name) =>
              optionRow(name).group === group && optionRow(name).flags.length > 0 && !leftOut.includes(name),
          )
          .map((name) => describeOption(name, brand)),
      ),
    ),
  )
}

function describeOption(name: OptionName, brand: BrandedCommand | undefined): [string, string] {
  const row = { ...optionRow(name), ...defaultOfProduct(name, brand) }
  const sorted = [...row.flags].sort((left, right) => left.length - right.length)
  const usual =
    row.default === null || row.default === false
      ? ''
      : row.default === true
        ? ` (on; --no-${sorted.at(-1)?.slice(2)} switches it off)`
        : ` (${String(row.default)})`
  return [`${sorted.join(', ')} ${row.kind.placeholder}`.trim(), `${row.summary}${style('dim', usual)}`]
}

/** What a product sets where its user sets nothing. */
function defaultOfProduct(name: OptionName, brand: BrandedCommand | undefined): { default?: unknown } {
  const found = name
    .split('.')
    .reduce<unknown>((level, key) => (level as Record<string, unknown> | undefined)?.[key], brand?.defaults)
  return ['string', 'number', 'boolean'].includes(typeof found) ? { default: found } : {}
}

function describeFlag([name, { short, placeholder = '', summary }]: [string, DescribedFlag]): [
  string,
  string,
] {
  return [`${short ? `-${short}, ` : ''}--${name} ${placeholder}`.trim(), summary]
}

function section(title: string, body: string): string {
  return `${style('bold', title)}\n${body}`
}
