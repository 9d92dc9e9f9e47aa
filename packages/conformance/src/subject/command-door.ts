import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LockstepConfig } from '@lockstep/core'
import { inTime } from '../clients/missed-deadline.ts'
import { poll } from '../clients/poll.ts'
import { commandLine } from './command-line.ts'
import { type Door, giveUpDeadlineMs, usualStartDeadlineMs } from './door.ts'
import { readAnnouncement } from './read-announcement.ts'
import { runVerb, type VerbOutcome } from './run-verb.ts'
import type { Failure, Subject, ToldFault } from './subject.ts'
import type { SubjectProcess } from './subject-runtime.ts'
import { writtenStreams } from './written-streams.ts'

const stopDeadlineMs = 20_000

/** The command line. `script` is the one that Node starts for `lockstep`. */
export function commandDoor({ script }: { script: string }): Door {
  return {
    name: 'command',
    async open({ options, runtime, env, folder, givenUp }) {
      const line = commandLine(announcedForPrograms(options))
      const written = writtenStreams(folder)
      const config = join(folder, `${Date.now()}.config.json`)
      // It may hold a private key, and the launcher refuses one that others can read.
      if (line.config) writeFileSync(config, JSON.stringify(line.config), { mode: 0o600 })
      const process = runtime.start({
        script,
        args: [line.command, ...(line.config ? ['--config', runtime.path(config)] : []), ...line.args],
        env: { ...env, ...line.env },
        cwd: folder,
        stdout: written.stdoutFile,
        stderr: written.stderrFile,
      })
      let end: { code: number | null } | undefined
      void process.ended.then((how) => {
        end = how
      })
      await givenUp
      if (givenUp) process.terminate()
      await poll(() => end !== undefined || readAnnouncement(written.stdout()) !== null, {
        until: (settled) => settled,
        deadlineMs: givenUp ? giveUpDeadlineMs(runtime) : (runtime.startDeadlineMs ?? usualStartDeadlineMs),
        what: givenUp
          ? 'the command to end after it was asked to stop in its boot'
          : 'the command to announce a server or to end',
      }).catch(async (error: unknown) => {
        await process.kill()
        throw error
      })
      if (line.config) rmSync(config)
      if (givenUp && end?.code === 0) return stoppedInBoot(written)
      const announced = readAnnouncement(written.stdout())
      return announced
        ? subject({
            announced,
            process,
            ...written,
            verb: (...words) => runVerb(words, { script, runtime, env, folder, pid: announced.pid }),
          })
        : failure({ exitCode: end?.code ?? null, stdout: written.stdout(), stderr: written.stderr() })
    },
  }
}

/** The line for programs has more details than the banner, and is made for parsing. A case that sets the format overrides it. */
function announcedForPrograms(options: LockstepConfig): LockstepConfig {
  return options.log?.format === undefined ? { ...options, log: { ...options.log, format: 'json' } } : options
}

function subject({
  announced,
  process,
  stdout,
  stderr,
  verb,
}: {
  announced: Pick<Subject, 'addresses' | 'verified' | 'backend' | 'pid'>
  process: SubjectProcess
  stdout: () => string
  stderr: () => string
  verb: (...words: string[]) => Promise<VerbOutcome>
}): Subject {
  const tcp = announced.addresses.find((address) => address.kind === 'tcp')
  return {
    ...announced,
    host: tcp?.host ?? '',
    port: tcp?.port ?? 0,
    stdout,
    stderr,
    async applyTls() {
      const { result, code } = await verb('reload', '--tls-only')
      return { changed: (result as { changed: boolean } | null)?.changed ?? false, code }
    },
    async replaceWorkers() {
      const { result, code } = await verb('reload')
      return { replaced: (result as { replaced: number } | null)?.replaced ?? 0, code }
    },
    async scale(workers) {
      const { result, code } = await verb('scale', workers)
      return { workers: (result as { workers: number } | null)?.workers ?? 0, code }
    },
    ask() {
      throw new TypeError('a command answers no questions about its backend: the case needs the door backend')
    },
    async stop() {
      const began = performance.now()
      process.terminate()
      const { code, signal } = await inTime(process.ended, stopDeadlineMs, 'the command to end')
      assert.equal(code, 0, `a graceful stop ended with ${signal ?? `exit code ${code}`}\n${stderr()}`)
      return performance.now() - began
    },
    kill: () => process.kill(),
  }
}

/** A command that is stopped ends well, also in its boot. */
function stoppedInBoot({
  stdout,
  stderr,
}: Pick<ReturnType<typeof writtenStreams>, 'stdout' | 'stderr'>): Failure {
  const code = 'LOCKSTEP_ERR_STOPPED'
  const message = 'the command has ended with exit code 0'
  return {
    ...{ code, message, faults: [{ code, message }], exitCode: null, pid: null },
    ...{ stdout: stdout(), stderr: stderr(), kill: async () => undefined },
  }
}

function failure(end: Pick<Failure, 'exitCode' | 'stdout' | 'stderr'>): Failure {
  const faults = faultsIn(end.stderr)
  assert.ok(faults.length > 0, `the command ended with exit code ${end.exitCode} and no fault\n${end.stderr}`)
  return {
    ...end,
    pid: null,
    kill: async () => undefined,
    faults,
    code: faults.length === 1 ? (faults[0] as ToldFault).code : 'LOCKSTEP_ERR_LAUNCH_FAULTS',
    message: faults.map(({ message }) => message).join(' '),
  }
}

/** As lines of a log that is written as JSON, or as text for people, whose lines are wrapped. */
function faultsIn(stderr: string): ToldFault[] {
  const lines = stderr.split('\n').filter((line) => line.includes('"type":"fault"'))
  if (lines.length > 0)
    return lines.map((line) => {
      const { code, message, hint } = JSON.parse(line) as ToldFault & { readonly hint: string }
      return { code, message: `${message} ${hint}` }
    })
  return [...stderr.matchAll(/^✗ ([\s\S]*?)\s+\[((?:LOCKSTEP_ERR|X)_[A-Z0-9_]+)\]/gm)].map(
    ([, message = '', code = '']): ToldFault => ({ code, message: message.replaceAll(/\n +/g, ' ') }),
  )
}
