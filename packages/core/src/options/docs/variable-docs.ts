import { serviceVariableNames } from '../../platform/system/service-variable-names.ts'
import { optionGroups } from '../option-row.ts'
import { optionNames, optionRow } from '../option-table.ts'
import { ownVariables, reservedVariables } from '../sources/environment/variable-name.ts'

/** Variables that set no option. The reserved ones have to be here. */
const others: readonly (readonly [name: string, meaning: string])[] = [
  ['LOCKSTEP_CONFIG', 'The configuration file, as `--config`.'],
  ['LOCKSTEP_ENV_FILE', 'The environment file, as `--dotenv`.'],
  [
    'LOCKSTEP_WORKER',
    'Set by Lockstep for the app: the number of its worker, from 1 on. Only under `cluster`.',
  ],
  ['NODE_OPTIONS', 'Flags of Node, for the primary and each worker.'],
  ['NO_COLOR', 'Any value: no colours. `FORCE_COLOR` switches them on where there is no terminal.'],
  ['XDG_RUNTIME_DIR', 'The folder of the socket for `lockstep status` and the other commands.'],
  ['XDG_DATA_HOME', 'The folder of the local CA. On Windows it is `LOCALAPPDATA`.'],
  ['XDG_CACHE_HOME', 'The folder of the compile cache.'],
  [
    'NODE_COMPILE_CACHE',
    'Another folder for the compile cache. `NODE_DISABLE_COMPILE_CACHE` switches it off.',
  ],
  [
    'LISTEN_FDS',
    'Sockets from systemd, with `LISTEN_PID`, `LISTEN_PIDFDID` and `LISTEN_FDNAMES`. Removed before the app loads.',
  ],
  ['NOTIFY_SOCKET', 'Where to report the state to systemd. Removed before the app loads.'],
  [
    'WATCHDOG_USEC',
    'How often systemd wants a sign of life, with `WATCHDOG_PID`. Removed before the app loads.',
  ],
]

/** The whole of `docs/variables.md`, from the option table. */
export function variableDocs(): string {
  const described = others.map((cells) => cells.join(' ')).join(' ')
  const missing = [...reservedVariables, ...serviceVariableNames].filter((name) => !described.includes(name))
  if (missing.length > 0) throw new Error(`Describe ${missing.join(', ')} in variable-docs.ts.`)
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const rows = optionNames
      .filter((name) => optionRow(name).group === group)
      .map((name) => [variablesOf(name), `[\`${name}\`](options.md#${anchorOf(name)})`])
    return `## ${title}\n\n${table(['variable', 'option'], rows)}\n`
  })
  const own = table(
    ['variable', 'what it does'],
    others.map(([name, meaning]) => [`\`${name}\``, meaning]),
  )
  return `${introduction}\n${groups.join('\n')}\n## Other variables\n\n${own}\n`
}

const introduction = `# Environment variables

<!-- Generated from the option table by \`npm run docs\`. Do not edit. -->

Every variable that Lockstep reads. Those that set an option may also be in \`.env\`. [configuration.md](configuration.md) says which source wins, and what reaches the app.

A long flag of another program that is an alias, such as \`--certfile\`, is a variable too: \`LOCKSTEP_CERTFILE\`. A variable with the prefix \`LOCKSTEP_\` that is not here is an error.
`

function variablesOf(name: (typeof optionNames)[number]): string {
  const aliases = (optionRow(name).aliases ?? []).map(
    ({ flag }) => `LOCKSTEP_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`,
  )
  return [
    ...ownVariables(name).filter((one) => !aliases.includes(one)),
    ...(optionRow(name).ambientVariables ?? []),
  ]
    .map((one) => `\`${one}\``)
    .join(', ')
}

/** As GitHub makes it from the heading. */
function anchorOf(name: string): string {
  return name.replaceAll('.', '').toLowerCase()
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
