import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { WineProcess, WineRuntime } from '../../scripts/wine/wine-runtime.mjs'
import { fixtures } from './lockstep.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitUntil } from './wait-until.ts'

export const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

/** Busy machines are slow, and Wine is slower. */
const deadlineMs = 120_000
/** A console that lives longer belongs to a process that was left running. */
const consoleMs = 15_000

export interface UnderWine extends AsyncDisposable {
  readonly process: WineProcess
  /** From the banner; the port is shared with this machine. */
  port(): number
  stdout(): string
  stderr(): string
  /** Resolves when the text has been written to either stream; rejects when the launcher ends before. */
  waitFor(text: string): Promise<void>
  /** Resolves when the launcher has ended by itself. */
  ended(): Promise<{ code: number | null; signal: string | null }>
}

/** Starts the built command as a Windows process; unless a folder is named, in that of the fixtures. */
export function startUnderWine(runtime: WineRuntime, args: readonly string[], cwd = fixtures): UnderWine {
  return startScriptUnderWine(runtime, command, args, { cwd })
}

/** Starts a script of this machine as a Windows process. */
export function startScriptUnderWine(
  runtime: WineRuntime,
  script: string,
  args: readonly string[],
  { cwd = fixtures, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): UnderWine {
  const folder = temporaryFolder()
  const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')]
  for (const file of [stdout, stderr]) writeFileSync(file, '')
  const child = runtime.start({
    script,
    args,
    // Sentences on one line, as tests compare them.
    env: { COLUMNS: '10000', ...env },
    cwd,
    stdout,
    stderr,
  })
  const written = (): string => readFileSync(stdout, 'utf8') + readFileSync(stderr, 'utf8')
  let end: Awaited<WineProcess['ended']> | undefined
  void child.ended.then((how) => {
    end = how
  })
  return {
    process: child,
    port: () => Number(/https?:\/\/[^\s:]+:(\d+)/.exec(readFileSync(stdout, 'utf8'))?.[1]),
    stdout: () => readFileSync(stdout, 'utf8'),
    stderr: () => readFileSync(stderr, 'utf8'),
    async waitFor(text) {
      const what = (): string => `"${text}" in ${written()}`
      await waitUntil(() => end !== undefined || written().includes(text), { deadlineMs, what })
      if (!written().includes(text)) throw new Error(`it ended (${JSON.stringify(end)}) without ${what()}`)
    },
    async ended() {
      await waitUntil(() => end !== undefined, { deadlineMs, what: () => `the end after ${written()}` })
      // Wine starts it for a program with a console, and ends it a moment after that program.
      const hasConsole = (): boolean =>
        child.processes().some(({ words: [program = ''] }) => program.endsWith('\\conhost.exe'))
      for (let waited = 0; hasConsole() && waited < consoleMs; waited += 100) await pause(100)
      return child.ended
    },
    [Symbol.asyncDispose]: () => child.kill(),
  }
}
