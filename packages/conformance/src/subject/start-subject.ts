import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RawOptions } from '@lockstep/core'
import type { FromSubject, ToSubject } from './messages.ts'
import type { Failure, Subject } from './subject.ts'

const entry = fileURLToPath(new URL('./subject-process.js', import.meta.url))
const startDeadlineMs = 20_000
const stopDeadlineMs = 20_000

/** Starts a launch in a process of its own, so that clients meet it only over the wire. */
export async function startSubject(
  options: RawOptions,
  { env, launcher }: { env: NodeJS.ProcessEnv; launcher: string },
): Promise<Subject | Failure> {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env })
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text
    })
  }
  send(child, { type: 'start', options, launcher })
  try {
    const message = await nextMessage(child, startDeadlineMs)
    if (message.type === 'ready') return subject(child, message, written)
    // An app that was given up may keep its process from ending; in a command, the command ends it.
    await kill(child)
    if (message.type === 'failed') return { ...message, stderr: written.stderr }
    throw new Error(`the subject said "${message.type}" when it should have started`)
  } catch (error) {
    await kill(child)
    if (error instanceof assert.AssertionError) throw error
    throw new Error(
      `the subject did not start: ${error instanceof Error ? error.message : String(error)}\n${written.stderr}`,
      { cause: error },
    )
  }
}

export function isFailure(result: Subject | Failure): result is Failure {
  return 'faults' in result
}

function subject(
  child: ChildProcess,
  ready: Extract<FromSubject, { type: 'ready' }>,
  written: { stdout: string; stderr: string },
): Subject {
  const tcp = ready.addresses.find((address) => address.kind === 'tcp')
  return {
    ...ready,
    host: tcp?.host ?? '',
    port: tcp?.port ?? 0,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async stop() {
      send(child, { type: 'stop' })
      const message = await nextMessage(child, stopDeadlineMs)
      if (message.type !== 'stopped')
        throw new Error(`the subject said "${message.type}" when it should have stopped`)
      // What an app of the suite still waits for would keep its process; a command would end it now.
      await kill(child)
      return message.durationMs
    },
    kill: () => kill(child),
  }
}

function send(child: ChildProcess, message: ToSubject): void {
  child.send(message)
}

async function nextMessage(child: ChildProcess, deadlineMs: number): Promise<FromSubject> {
  const over = new AbortController()
  const timer = setTimeout(
    () => over.abort(new assert.AssertionError({ message: `it said nothing within ${deadlineMs} ms` })),
    deadlineMs,
  )
  const died = once(child, 'exit', { signal: over.signal }).then(([code, signal]) => {
    throw new Error(`it ended (${String(signal ?? code)})`)
  })
  died.catch(() => undefined)
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: over.signal }), died])
    return message as FromSubject
  } catch (error) {
    throw over.signal.aborted ? over.signal.reason : error
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
  await once(child, 'close')
  clearTimeout(timer)
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await ended(child)
}
