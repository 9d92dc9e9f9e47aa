import { missedDeadline } from '../clients/missed-deadline.ts'
import type { Entry } from './door.ts'
import type { ReloadOutcome } from './subject.ts'
import { writtenStreams } from './written-streams.ts'

const deadlineMs = 20_000

/** Runs `lockstep reload` as a person would, and reads what it says. */
export async function runReload({
  script,
  runtime,
  env,
  folder,
  pid,
}: Omit<Entry, 'options'> & { script: string; pid: number }): Promise<ReloadOutcome> {
  const written = writtenStreams(folder)
  const process = runtime.start({
    script,
    // The banner for people does not tell the process id; then there is one server only.
    args: ['reload', '--tls-only', '--json', ...(pid === 0 ? [] : ['--pid', String(pid)])],
    env,
    cwd: folder,
    stdout: written.stdoutFile,
    stderr: written.stderrFile,
  })
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(missedDeadline(deadlineMs, '`lockstep reload` to end')),
    deadlineMs,
  )
  try {
    const { code } = await Promise.race([process.ended, late.promise])
    if (code === 0)
      return { changed: (JSON.parse(written.stdout()) as { changed: boolean }).changed, code: null }
    return { changed: false, code: /\[(ERR_[A-Z0-9_]+)\]/.exec(written.stderr())?.[1] ?? `exit code ${code}` }
  } finally {
    clearTimeout(timer)
    await process.kill()
  }
}
