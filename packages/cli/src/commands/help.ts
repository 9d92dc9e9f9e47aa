import {
  type CatalogCode,
  errorCatalog,
  errorMeanings,
  exitCodes,
  LaunchError,
  meaningOf,
  type OptionName,
  optionGroups,
  optionNames,
  optionRow,
  pageOfErrors,
  textWidth,
  variableName,
} from '@lockstep/core/internal'
import { hintForCommand } from '../hint-for-command.ts'
import type { BrandedCommand } from '../in-brand.ts'
import { columns, paragraph } from '../render/columns.ts'
import { style } from '../render/style.ts'
import { hang } from '../render/wrap.ts'
import { version } from '../version.ts'
import type { Command, DescribedFlag } from './command.ts'

export const helpFlags = {
  help: { takesValue: false, short: 'h', summary: 'Show this help.' },
  version: { takesValue: false, short: 'V', summary: 'Show the version.' },
  'no-color': { takesValue: false, summary: 'Write plain text, as with NO_COLOR.' },
} as const satisfies Record<string, DescribedFlag>

/** The help on a topic: a command, the commands of a group such as `cert`, the code of an error, or the overview. Throws for anything else. */
export function helpOn(
  topic: readonly string[],
  { commands, brand }: { commands: readonly Command[]; brand: BrandedCommand | undefined },
): string {
  const wanted = topic.join(' ')
  if (wanted === '') return helpFor(null, commands, brand)
  const command = commands.find(({ name }) => wanted === name || wanted.startsWith(`${name} `))
  if (command) return helpFor(command, commands, brand)
  if (commands.some(({ name }) => name.startsWith(`${wanted} `))) return helpForGroup(wanted, commands)
  const code = codeNamed(wanted)
  if (code) return helpForCode(code)
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
    message: `"${wanted}" is not a command.`,
    hint: hintForCommand(wanted, { args: [], commands }) ?? '`lockstep help` lists the commands.',
  })
}

/** With or without what all codes begin with, in any case. */
function codeNamed(topic: string): CatalogCode | undefined {
  const wanted = topic
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^LOCKSTEP_ERR_/, '')
  return (Object.keys(errorCatalog) as CatalogCode[]).find((code) => code === `LOCKSTEP_ERR_${wanted}`)
}

function helpForCode(code: CatalogCode): string {
  const { number, meaning } = exitCodes[errorCatalog[code].exit]
  // The page is for readers of Markdown.
  const text = errorMeanings[code].replaceAll('`', '')
  return [
    `${style('bold', code)}\n`,
    paragraph(text),
    `Exit code ${number}\n`,
    paragraph(meaning),
    `${pageOfErrors(code)}\n`,
  ].join('\n')
}

/** The help of a command, or the overview. */
function helpFor(command: Command | null, commands: readonly Command[], brand?: BrandedCommand): string {
  const shown = command ?? commands.find(({ name }) => name === 'run')
  const usage = command
    ? `lockstep ${[command.name, ...command.positionals, '[options]', ...(command.takesOptions ? [command.rest ?? '[-- ARGS]'] : [])].join(' ').trimEnd()}`
    : 'lockstep [command] [APP] [options] [-- ARGS]'
  const parts = [
    paragraph(
      `${style('bold', 'lockstep')} ${version} – ${command?.summary ?? brand?.summary ?? 'start servers, with TLS, the same way everywhere.'}`,
    ).trimEnd(),
    section('Usage', `  ${hang(usage, { width: textWidth('stdout'), margin: 4 })}`),
    ...(command ? [] : [...(brand ? [] : [section('Examples', examples)]), commandSection(commands)]),
    ...(shown?.takesOptions ? [...ownSection(brand), ...optionSections(shown.neverHonours, brand)] : []),
    section(
      shown?.takesOptions ? 'General' : 'Options',
      columns(Object.entries({ ...shown?.flags, ...helpFlags }).map(describeFlag)),
    ),
    ...(shown?.takesOptions
      ? [
          paragraph(
            `Each option is also an environment variable (${variableName('tls.cert')} for --tls-cert) and a key of lockstep.config.ts. See docs/options.md.`,
          ).trimEnd(),
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
function helpForGroup(word: string, commands: readonly Command[]): string {
  const usage = section('Usage', `  lockstep ${word} COMMAND [options]`)
  const more = paragraph(`\`lockstep ${word} COMMAND --help\` shows the options of a command.`).trimEnd()
  return `${[usage, commandSection(commands.filter(({ name }) => name.startsWith(`${word} `))), more].join('\n\n')}\n`
}

const examples = `  lockstep run app.js --workers 2 --tls-self-signed
  lockstep exec -- python server.py --port {port}
  lockstep check app.js --cert cert.pem --key key.pem
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
