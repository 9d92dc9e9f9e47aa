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

Each option has one name, and by that name a flag and a variable. [configuration.md](configuration.md) says which source wins, how names, paths, lists,
times and sizes are written, and what reaches the app. \`lockstep plan APP\` shows every value with its source. "Also as" lists flags of other programs
that work.
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
