import { ownFlags } from '../flag-table.ts'
import { optionGroups } from '../option-row.ts'
import { type OptionName, optionNames, optionRow } from '../option-table.ts'
import { ownVariables, variableOfFlag } from '../sources/environment/variable-name.ts'

/** The whole of `docs/options.md`, from the table. */
export function optionDocs(): string {
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const rows = optionNames.filter((name) => optionRow(name).group === group)
    return `## ${title}\n\n${rows.map(describe).join('\n')}`
  })
  return `${introduction}\n${groups.join('\n')}`
}

const introduction = `# Options

<!-- Generated from the option table by \`npm run docs\`. Do not edit. -->

Each option can be set in the API and in a configuration file under its name (a dot is a level of nesting), by a flag, and by a
variable in the environment or in \`.env\`.

One rule leads from the name to the others: for \`tls.minVersion\` the flag \`--tls-min-version\` and the variable \`LOCKSTEP_TLS_MIN_VERSION\`.
Some options have a shorter flag too, and then a variable by that: \`recycle.memory\` is \`--recycle-memory\` or \`--max-memory\`, and
\`LOCKSTEP_RECYCLE_MEMORY\` or \`LOCKSTEP_MAX_MEMORY\`. The same goes for the long flags of other programs ("Also as").

The strongest source wins: defaults < configuration file < \`.env\` < environment < flags or API. \`lockstep plan APP\` shows every value with its source.

Relative paths start at the folder where they were written: that of the configuration file, of \`.env\`, or the current one.
Settings of Node for the whole process (\`NODE_OPTIONS\`, or flags before the script) are defaults of the options that mean the same:
\`--max-http-header-size\` of \`limits.headerBytes\`, and with a certificate \`--tls-min-v1.x\`, \`--tls-max-v1.x\` and \`--tls-cipher-list\` of
\`tls.minVersion\`, \`tls.maxVersion\`, \`tls.ciphers\` and \`tls.ciphersuites\`. \`lockstep plan\` names them; the option itself overrides them.
Unknown names are errors in every source, and so is an option that one source sets twice to different values, under whichever of its names; the
values of a list add up. In a flag or a variable, commas separate the elements of a list. A text that is the path of an existing file is
one path, whatever commas it has, and two commas stand for one that belongs to an element: \`--tls-cert "Acme,, Inc/cert.pem"\`.

Text files (\`.env\`, configuration, passphrases) are UTF-8, with or without a byte order mark, or UTF-16 with one. A configuration file that is
code (\`.ts\`, \`.js\`, \`.mjs\`, \`.cjs\`) is UTF-8, since Node reads it, and so is PEM. A file in another encoding is refused with the name of that
encoding and the command that converts it. In \`.env\`, a line that assigns nothing is an error, and so are an open quote,
text behind a closing quote, and a \`#\` without a space before it in a value of Lockstep's. An empty \`PORT\`, \`HOST\` or \`WEB_CONCURRENCY\` counts
as unset. Durations are text with a unit (\`500ms\`, \`30s\`, \`2m\`); a bare number is seconds.
Sizes are text with a unit (\`16KiB\`, \`512MiB\`, \`2GiB\`); a bare number is bytes. \`K\`, \`KB\` and \`KiB\` all mean 1024 bytes, and so on: \`300M\` is
300 MiB.
`

function describe(name: OptionName): string {
  const row = optionRow(name)
  const facts: [string, string][] = [
    ['Value', row.kind.expects],
    ['Default', row.default === null ? 'unset' : `\`${String(row.default)}\``],
    [
      'Flags',
      ownFlags(name)
        .map((flag) => `\`${flag}${row.kind.placeholder && ` ${row.kind.placeholder}`}\``)
        .join(', ') || 'none',
    ],
    ['Also as', (row.aliases ?? []).map(({ flag, of }) => `\`${flag}\` (${of})`).join(', ')],
    [
      'Variables',
      [...documentedVariables(name), ...(row.ambientVariables ?? [])]
        .map((variable) => `\`${variable}\``)
        .join(', '),
    ],
    ['Changes take effect', row.takesEffect === 'reload' ? 'at a reload' : 'at the next start'],
  ]
  const lines = facts.filter(([, fact]) => fact !== '').map(([label, fact]) => `- ${label}: ${fact}`)
  return `### \`${name}\`\n\n${row.summary} ${row.description}\n\n${lines.join('\n')}\n`
}

/** Without those of other programs' flags, which follow from these by the rule. */
function documentedVariables(name: OptionName): readonly string[] {
  const flags = (optionRow(name).aliases ?? []).map(({ flag }) => variableOfFlag(flag))
  return ownVariables(name).filter((variable) => !flags.includes(variable as `LOCKSTEP_${string}`))
}
