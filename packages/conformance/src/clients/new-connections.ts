import { connect, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

/** Clients that open a connection for each request, until the server refuses one. */
export interface NewConnections {
  answered(): number
  /** From now on the server stops: the times of what is lost count from here. */
  stopBegins(): void
  /** Resolves when all clients have ended, with a description of each lost request whose connection was open. */
  readonly lost: Promise<readonly string[]>
}

export function startNewConnections(
  { host, port }: { host: string; port: number },
  { clients }: { clients: number },
): NewConnections {
  const lost: Loss[] = []
  let answered = 0
  let going = true
  let stopAt: number | null = null
  const ask = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = connect({ host, port })
    const begunAt = performance.now()
    let open: Pick<Loss, 'localPort' | 'openAt'> | undefined
    let received = ''
    let reason = 'the connection was closed'
    socket.setEncoding('latin1').once('connect', () => {
      open = { localPort: socket.localPort, openAt: performance.now() }
      socket.write(request)
    })
    socket.on('data', (text) => {
      received += String(text)
    })
    socket.once('error', (error) => {
      reason = error.message
    })
    socket.once('close', () => {
      if (received.startsWith('HTTP/1.1 200 ')) answered += 1
      else if (open) lost.push({ ...open, begunAt, endedAt: performance.now(), reason, received })
      else going = false
      resolve()
    })
    return promise
  }
  const run = async (): Promise<void> => {
    while (going) await ask()
  }
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const ended = Promise.all(Array.from({ length: clients }, run)).finally(() => delay.disable())
  return {
    answered: () => answered,
    stopBegins() {
      stopAt = performance.now()
    },
    lost: ended.then(() => lost.map((one) => describe(one, { stopAt, longestDelayMs: delay.max / 1e6 }))),
  }
}

/** Times by `performance.now()`. */
interface Loss {
  readonly localPort: Socket['localPort']
  readonly begunAt: number
  readonly openAt: number
  readonly endedAt: number
  readonly reason: string
  readonly received: string
}

/** When each step happened, and how long the clients themselves did not run: on a busy machine a client may be late with its request. */
function describe(
  { localPort, begunAt, openAt, endedAt, reason, received }: Loss,
  { stopAt, longestDelayMs }: { stopAt: number | null; longestDelayMs: number },
): string {
  const time = (at: number): string =>
    stopAt === null ? 'before the stop' : `${(at - stopAt).toFixed(1)} ms after the stop began`
  return [
    `${reason}, from port ${localPort}`,
    `connect() ${time(begunAt)}`,
    `open and request written ${time(openAt)}`,
    `lost ${time(endedAt)} after ${received.length} characters`,
    `the event loop of the clients was late by up to ${longestDelayMs.toFixed(0)} ms`,
  ].join('; ')
}
