import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixtures } from './lockstep.ts'

/** Variables of the test runner that Lockstep or Node would read. */
const withheld = /^(LOCKSTEP_|PORT$|HOST$|WEB_CONCURRENCY$|NODE_OPTIONS$|VITEST)/

/**
 * Runs a program of `fixtures/hosts/` that embeds the launcher, to its end, and returns what it printed as JSON. Rejects with all its output if it
 * fails or takes too long.
 */
export function runHost<Result>(
  name: string,
  {
    args = [],
    flags = [],
    through = [],
    env = {},
    cwd = fixtures,
    deadlineMs = 25_000,
  }: {
    args?: readonly string[]
    /** Of Node. */
    flags?: readonly string[]
    /** A command, with its arguments, that becomes Node. */
    through?: readonly string[]
    env?: Readonly<Record<string, string>>
    cwd?: string
    deadlineMs?: number
  } = {},
): Promise<Result> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !withheld.test(key)))
  const runtimeFolder = mkdtempSync(join(tmpdir(), 'lockstep-host-'))
  const [command = '', ...words] = [
    ...through,
    process.execPath,
    ...flags,
    `${fixtures}hosts/${name}`,
    ...args,
  ]
  const settings = {
    cwd,
    env: { ...inherited, XDG_RUNTIME_DIR: runtimeFolder, XDG_DATA_HOME: runtimeFolder, ...env },
    timeout: deadlineMs,
  }
  return new Promise((resolve, reject) => {
    execFile(command, words, settings, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? ''
      if (error === null && last.startsWith('{')) resolve(JSON.parse(last) as Result)
      else reject(new Error(`${words.join(' ')} failed: ${error?.message ?? ''}\n${stdout}${stderr}`))
    })
  })
}
