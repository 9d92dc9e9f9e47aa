import type { ForeignFlag } from './foreign-flag.ts'
import { guessedFlags } from './guessed-flags.ts'
import { gunicornFlags } from './gunicorn-flags.ts'
import { listhenFlags } from './listhen-flags.ts'
import { nodeFlags } from './node-flags.ts'
import { nodemonFlags } from './nodemon-flags.ts'
import { pm2Flags } from './pm2-flags.ts'
import { srvxFlags } from './srvx-flags.ts'
import { uvicornFlags } from './uvicorn-flags.ts'

export interface ForeignLauncher {
  readonly name: string
  /** Begins the ids of its rows in the docs. */
  readonly id: string
  /** Where the list of its flags comes from. */
  readonly source: string
  readonly flags: readonly ForeignFlag[]
}

/** A row with its launcher. */
export interface ForeignMeaning {
  readonly launcher: ForeignLauncher
  readonly row: ForeignFlag
}

export const foreignLaunchers: readonly ForeignLauncher[] = [
  {
    name: 'PM2',
    id: 'pm2',
    source: 'PM2 7.0.4: `pm2 start --help`, and the schema of the ecosystem file',
    flags: pm2Flags,
  },
  { name: 'Gunicorn', id: 'gunicorn', source: 'Gunicorn 27.0.1: all settings', flags: gunicornFlags },
  { name: 'Uvicorn', id: 'uvicorn', source: 'Uvicorn 0.54.0: all flags', flags: uvicornFlags },
  { name: 'nodemon', id: 'nodemon', source: 'nodemon 3.1.14: all flags', flags: nodemonFlags },
  { name: 'listhen', id: 'listhen', source: 'listhen 1.10.1: all flags', flags: listhenFlags },
  { name: 'srvx', id: 'srvx', source: 'srvx 1.0.8: all flags', flags: srvxFlags },
  {
    name: 'Node',
    id: 'node',
    source: 'Node 24: flags with an answer of their own',
    flags: nodeFlags,
  },
  {
    name: 'other servers',
    id: 'guess',
    source: 'names that users try, because many servers have such a flag',
    flags: guessedFlags,
  },
]

/** What other launchers mean by a flag. Several launchers share some flags: then the word after the flag decides, as in `-i max` of PM2. */
export function meaningsOfFlag(
  flag: string,
  { value = '' }: { value?: string | undefined },
): ForeignMeaning[] {
  const all = foreignLaunchers.flatMap((launcher) =>
    launcher.flags
      .filter(({ flags }) => flags.includes(flag as `-${string}`))
      .map((row) => ({ launcher, row })),
  )
  const recognised = all.filter(({ row }) => row.value?.test(value))
  if (recognised.length > 0) return recognised
  const open = all.filter(({ row }) => row.value === undefined)
  return open.length > 0 ? open : all
}

/** What other launchers mean by a key of their configuration file. PM2 takes `max_restarts` and `maxRestarts`. */
export function meaningsOfKey(key: string): ForeignMeaning[] {
  const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const isNamed = (known: string): boolean =>
    known === key || known === snake || (known.endsWith('*') && snake.startsWith(known.slice(0, -1)))
  return foreignLaunchers.flatMap((launcher) =>
    launcher.flags.filter(({ keys }) => keys.some(isNamed)).map((row) => ({ launcher, row })),
  )
}
