import { inTime } from '../clients/missed-deadline.ts'
import type { Entry } from './door.ts'
import { writtenStreams } from './written-streams.ts'

const deadlineMs = 20_000

/** What a verb of the command gave. */
export interface VerbOutcome {
  /** The result, of the type that the verb has; `null` when it failed. */
  readonly result: unknown
  /** Why it failed: the code of its fault; `null` when it did not. */
  readonly code: string | null
}

/** Runs a verb such as `lockstep reload` as a person would, and reads what it says. */
export async function runVerb(
  words: readonly string[],
  {
    script,
    runtime,
    env,
    folder,
    pid,
  }: Omit<Entry, 'options' | 'cacheFolder'> & { script: string; pid: number },
): Promise<VerbOutcome> {
  const written = writtenStreams(folder)
  const process = runtime.start({
    script,
    // The banner for people does not contain the process id; then there is only one server.
    args: [...words, '--json', ...(pid === 0 ? [] : ['--pid', String(pid)])],
    env,
    cwd: folder,
    stdout: written.stdoutFile,
    stderr: written.stderrFile,
  })
  try {
    const { code } = await inTime(process.ended, deadlineMs, `\`lockstep ${words.join(' ')}\` to end`)
    if (code === 0) return { result: JSON.parse(written.stdout()), code: null }
    return { result: null, code: codeOf(written.stdout()) ?? `exit code ${code}` }
  } finally {
    await process.kill()
  }
}

/** Why a verb failed, by what it writes with `--json`. */
function codeOf(written: string): string | undefined {
  try {
    return (JSON.parse(written) as { faults: { code: string }[] }).faults[0]?.code
  } catch {
    return undefined // It ended without a result.
  }
}
