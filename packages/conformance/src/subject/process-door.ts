import { AssertionError } from 'node:assert/strict'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isErrorLike } from '@lockstep/core/internal'
import { type ControlLine, openControlLine } from './control-line.ts'
import { type Door, type DoorName, type Entry, giveUpDeadlineMs, usualStartDeadlineMs } from './door.ts'
import type { Subject } from './subject.ts'
import type { SubjectProcess } from './subject-runtime.ts'
import { writtenStreams } from './written-streams.ts'

const entry = fileURLToPath(new URL('./start-subject.js', import.meta.url))
const stopDeadlineMs = 20_000
const reloadDeadlineMs = 20_000

interface Calls {
  readonly start: string
  readonly applyTls: string
  readonly replaceWorkers: string
  readonly scale: string
  readonly stop: string
}

/** What the process of the subject waits for, as its author calls it. */
const calls: Readonly<Record<'backend' | 'launch', Calls>> = {
  backend: {
    start: 'start()',
    applyTls: 'applyTls()',
    replaceWorkers: 'supervisor.replaceWorkers()',
    scale: 'supervisor.scale()',
    stop: 'stop()',
  },
  launch: {
    start: 'launch()',
    applyTls: 'reload()',
    replaceWorkers: 'reload()',
    scale: 'scale()',
    stop: 'stop()',
  },
}

/** The doors that a program has: its process calls `launch()` of that module, or the backend itself. */
export function processDoor(
  name: Exclude<DoorName, 'command'>,
  { launcher, backends }: { launcher: string | null; backends: string | null },
): Door {
  return {
    name,
    async open({
      options,
      runtime,
      env,
      folder,
      cacheFolder,
      givenUp,
      isUnannounced = false,
      appInMemory = null,
    }) {
      const line = await openControlLine()
      const written = writtenStreams(folder)
      const { stdoutFile, stderrFile } = written
      const process = runtime.start({
        script: entry,
        args: [String(line.port), runtime.path(join(cacheFolder, 'subject'))],
        env,
        cwd: folder,
        stdout: stdoutFile,
        stderr: stderrFile,
      })
      const end = async (): Promise<void> => {
        line.close()
        await process.kill()
      }
      try {
        line.send({ type: 'start', door: name, options, launcher, backends, isUnannounced, appInMemory })
        const message = await outcomeOfStart(line, { call: calls[name].start, process, runtime, givenUp })
        if (message.type === 'ready')
          return subject({ ready: message, calls: calls[name], line, process, end, ...written })
        if (message.type !== 'failed') throw oddMessage(`the subject said "${message.type}" at its start`)
        // The process lives on, so that the case sees what a failed start has left in it.
        return { ...message, exitCode: null, stdout: written.stdout(), stderr: written.stderr(), kill: end }
      } catch (error) {
        await end()
        if (isErrorLike(error)) error.message += `\n${written.stderr()}`
        throw error
      }
    },
  }
}

/** What the subject says of its start, which is given up if the case asks for that. */
async function outcomeOfStart(
  line: ControlLine,
  {
    call,
    process,
    runtime,
    givenUp,
  }: { call: string; process: SubjectProcess } & Pick<Entry, 'runtime' | 'givenUp'>,
): ReturnType<ControlLine['next']> {
  if (!givenUp)
    return line.next(process, { call, deadlineMs: runtime.startDeadlineMs ?? usualStartDeadlineMs })
  await givenUp
  line.send({ type: 'give-up' })
  const deadlineMs = giveUpDeadlineMs(runtime)
  return line.next(process, { call, deadlineMs }).catch((error: Error) => {
    throw new AssertionError({
      message: `the launch was given up (host.signal), and the start had not failed ${deadlineMs / 1_000} s later: ${error.message}`,
    })
  })
}

function subject({
  ready,
  calls,
  line,
  process,
  end,
  stdout,
  stderr,
}: {
  ready: Pick<Subject, 'addresses' | 'verified' | 'backend' | 'pid'>
  calls: Calls
  line: ControlLine
  process: SubjectProcess
  end: () => Promise<void>
  stdout: () => string
  stderr: () => string
}): Subject {
  const tcp = ready.addresses.find((address) => address.kind === 'tcp')
  const { addresses, verified, backend, pid } = ready
  return {
    host: tcp?.host ?? '',
    port: tcp?.port ?? 0,
    addresses,
    verified,
    backend,
    pid,
    stdout,
    stderr,
    async applyTls() {
      line.send({ type: 'apply-tls' })
      const message = await line.next(process, { call: calls.applyTls, deadlineMs: reloadDeadlineMs })
      if (message.type !== 'tls-applied') throw oddMessage(`the subject said "${message.type}" at its reload`)
      return { changed: message.changed, code: message.code }
    },
    async replaceWorkers() {
      line.send({ type: 'replace-workers' })
      const message = await line.next(process, { call: calls.replaceWorkers, deadlineMs: reloadDeadlineMs })
      if (message.type !== 'workers-replaced')
        throw oddMessage(`the subject said "${message.type}" at its reload`)
      return { replaced: message.replaced, code: message.code }
    },
    async scale(workers) {
      line.send({ type: 'scale', workers })
      const message = await line.next(process, { call: calls.scale, deadlineMs: reloadDeadlineMs })
      if (message.type !== 'scaled') throw oddMessage(`the subject said "${message.type}" when it was scaled`)
      return { workers: message.workers, code: message.code }
    },
    ask: (question, argument) => line.ask(process, { question, argument }) as never,
    async stop() {
      line.send({ type: 'stop' })
      const message = await line.next(process, { call: calls.stop, deadlineMs: stopDeadlineMs })
      if (message.type !== 'stopped') throw oddMessage(`the subject said "${message.type}" at its stop`)
      // What an app of the suite still waits for would keep its process; a command would end it now.
      await end()
      return message.durationMs
    },
    kill: end,
  }
}

/** What a subject says at the wrong time is a finding about it. */
function oddMessage(message: string): AssertionError {
  return new AssertionError({ message })
}
