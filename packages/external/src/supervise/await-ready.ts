import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf, type PrivatePlace } from '@lockstep/core/internal'
import { targetOf } from './show-place.ts'

/** Between two tries, growing from the first to the second. */
const [firstMs, lastMs] = [20, 250] as const
/** What one try may take. A program under load, or one that compiles at the first request, may be slow. */
const connectMs = 2_000
const answerMs = 10_000

/** What a program has not done yet. Kept up to date while it is waited for. */
export interface Awaited {
  what: string
}

/**
 * Resolves when a program is ready: it has written the line, it accepts connections, and it answers the path with 2xx or 3xx. Rejects when
 * the signal is aborted.
 */
export async function awaitReady({
  place,
  readyPath,
  acceptsBeforeReady,
  saidReady,
  awaited,
  signal,
}: {
  place: PrivatePlace
  readyPath: string | null
  /** See `ProgramSpec`. */
  acceptsBeforeReady: boolean
  /** `null`: its output does not matter. */
  saidReady: Promise<void> | null
  awaited: Awaited
  signal: AbortSignal
}): Promise<void> {
  if (saidReady !== null) {
    awaited.what = 'write the line that says so'
    await Promise.race([saidReady, abortionOf(signal)])
  }
  awaited.what = 'accept a connection'
  await until(() => accepts(place), signal)
  if (acceptsBeforeReady) {
    awaited.what = 'take a connection from its queue'
    await until(() => closesUnused(place, signal), signal)
  }
  if (readyPath === null) return
  awaited.what = `answer ${readyPath}`
  await until(async () => {
    const status = await statusOf(place, readyPath)
    awaited.what = `answer ${readyPath} with 2xx or 3xx (the last answer: ${status})`
    return typeof status === 'number' && status >= 200 && status < 400
  }, signal)
}

async function until(holds: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let waitMs: number = firstMs; ; waitMs = Math.min(lastMs, waitMs * 2)) {
    signal.throwIfAborted()
    if (await Promise.race([holds(), abortionOf(signal)])) return
    await pause(waitMs, undefined, { signal })
  }
}

function abortionOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason as Error)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  promise.catch(() => undefined)
  return promise
}

function accepts(place: PrivatePlace): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(targetOf(place))
  const end = (isAccepted: boolean): void => {
    socket.destroy()
    resolve(isAccepted)
  }
  socket.setTimeout(connectMs, () => end(false))
  socket.once('connect', () => end(true))
  socket.once('error', () => end(false))
  return promise
}

/**
 * Whether the program answers the end of a connection with its own. The system accepts for it, but only a process that reads can do that. No server logs
 * it, as it would log a request that is not one. It waits as long as the program takes.
 */
export function closesUnused(place: PrivatePlace, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ ...targetOf(place), allowHalfOpen: true })
  const end = (isClosed: boolean): void => {
    socket.destroy()
    resolve(isClosed)
  }
  socket.once('connect', () => socket.resume().end())
  socket.once('end', () => end(true))
  socket.once('error', () => end(false))
  signal.addEventListener('abort', () => end(false), { once: true })
  return promise
}

/** The status, or why there is none. By the way that the front takes, and with the name that every program accepts. */
function statusOf(place: PrivatePlace, path: string): Promise<number | string> {
  const { promise, resolve } = Promise.withResolvers<number | string>()
  const where = place.kind === 'tcp' ? { host: place.host, port: place.port } : { socketPath: place.path }
  const asked = request(
    { ...where, path, agent: false, timeout: answerMs, headers: { host: 'localhost', connection: 'close' } },
    (response) => {
      resolve(response.statusCode ?? 'none')
      response.destroy()
    },
  )
  asked.once('timeout', () => asked.destroy(new Error('none in time')))
  asked.once('error', (error) => resolve(messageOf(error)))
  asked.end()
  return promise
}
