import { optionGroups } from './option-row.ts'
import { type OptionName, optionNames, optionRow } from './option-table.ts'
import { variableName } from './variable-name.ts'

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
variable in the environment or in \`.env\`. The strongest source wins:
defaults < configuration file < \`.env\` < environment < flags or API. \`lockstep plan APP\` shows every value with its source.

Relative paths start at the folder where they were written: that of the configuration file, of \`.env\`, or the current one.
Settings of Node for the whole process (\`NODE_OPTIONS\`, or flags before the script) are defaults of the options that mean the same:
\`--max-http-header-size\` of \`limits.headerBytes\`, and with a certificate \`--tls-min-v1.x\`, \`--tls-max-v1.x\` and \`--tls-cipher-list\` of
\`tls.minVersion\`, \`tls.maxVersion\`, \`tls.ciphers\` and \`tls.ciphersuites\`. \`lockstep plan\` names them; the option itself overrides them.
Unknown names are errors in every source. Durations are text with a unit (\`500ms\`, \`30s\`, \`2m\`); a bare number is seconds.
`

function describe(name: OptionName): string {
  const row = optionRow(name)
  const facts: [string, string][] = [
    ['Value', row.kind.expects],
    ['Default', row.default === null ? 'unset' : `\`${String(row.default)}\``],
    [
      'Flags',
      row.flags
        .map((flag) => `\`${flag}${row.kind.placeholder && ` ${row.kind.placeholder}`}\``)
        .join(', ') || 'none',
    ],
    ['Also as', (row.aliases ?? []).map(({ flag, of }) => `\`${flag}\` (${of})`).join(', ')],
    [
      'Variables',
      [variableName(name), ...(row.ambientVariables ?? [])].map((variable) => `\`${variable}\``).join(', '),
    ],
    ['Changes take effect', row.takesEffect === 'reload' ? 'at a reload' : 'at the next start'],
  ]
  const lines = facts.filter(([, fact]) => fact !== '').map(([label, fact]) => `- ${label}: ${fact}`)
  return `### \`${name}\`\n\n${row.summary} ${row.description}\n\n${lines.join('\n')}\n`
}
