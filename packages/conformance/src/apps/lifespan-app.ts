import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'

let startedAs: number | null | undefined
let stopping: AbortSignal | undefined

/** Records its events in `lifespan.txt`, in the current folder: one line each, with the process and the thread. */
function note(what: string): void {
  appendFileSync('lifespan.txt', `${process.pid}/${threadId} ${what}\n`)
}

interface Context {
  readonly worker: number | null
  readonly signal: AbortSignal
}

export async function start({ worker, signal }: Context): Promise<void> {
  note('start')
  stopping = signal
  signal.addEventListener('abort', () => note('signal'))
  await pause(300)
  startedAs = worker
  note('started')
}

export async function stop({ signal }: Context): Promise<void> {
  note(signal.aborted ? 'stop' : 'stop without a signal')
  await pause(300)
  note('stopped')
}

export default async function lifespanApp(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.startsWith('/slow')) {
    note('asked')
    await aborted(stopping)
    await pause(300)
    note('answers')
  }
  response.end(JSON.stringify({ pid: process.pid, startedAs: startedAs === undefined ? 'never' : startedAs }))
}

/** It may take seconds until the command to stop has an effect. A signal that never comes shows in the order of the notes. */
async function aborted(signal: AbortSignal | undefined): Promise<void> {
  const never = pause(15_000, undefined, { ref: false })
  await (signal ? Promise.race([once(signal, 'abort'), never]) : never)
}
