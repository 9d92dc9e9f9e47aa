import http from 'node:http'
import type { Socket } from 'node:net'

/** A request that got no answer and could not be sent again. */
export interface Loss {
  readonly reason: string
  /** The process that handled it, according to its headers or to earlier answers on its connection. `null` if nothing ever came. */
  readonly worker: number | null
}

export interface SteadyLoad extends AsyncDisposable {
  /** The number of answers from each worker. */
  readonly answers: ReadonlyMap<number, number>
  readonly losses: readonly Loss[]
  /** Number of requests that were sent again, because their kept connection was closed without a byte of the answer (RFC 9110 section 9.2.2). */
  readonly retries: number
  total(): number
  /** Lets the requests in flight end. */
  stop(): Promise<void>
}

interface Client {
  readonly agent: http.Agent
  /** The process that answered last on its connections. */
  readonly workerOf: WeakMap<Socket, number>
}

type Attempt = { readonly worker: number } | { readonly loss: Loss; readonly mayRetry: boolean }

const answerMs = 15_000

/** Clients with kept connections, or a new one for each request. Each sends its next request as soon as it has its answer, the process id of its worker. */
export function startLoad(
  url: string,
  { clients = 8, keepAlive = true }: { clients?: number; keepAlive?: boolean } = {},
): SteadyLoad {
  const answers = new Map<number, number>()
  const losses: Loss[] = []
  let retries = 0
  let going = true
  const ask = async (client: Client): Promise<void> => {
    let attempt = await attemptOf(url, client)
    if ('loss' in attempt && attempt.mayRetry) {
      retries += 1
      attempt = await attemptOf(url, client)
    }
    if ('loss' in attempt) losses.push(attempt.loss)
    else answers.set(attempt.worker, (answers.get(attempt.worker) ?? 0) + 1)
  }
  const run = async (): Promise<void> => {
    const client = { agent: new http.Agent({ keepAlive, maxSockets: 1 }), workerOf: new WeakMap() }
    while (going) await ask(client)
    client.agent.destroy()
  }
  const ended = Promise.all(Array.from({ length: clients }, run))
  const stop = async (): Promise<void> => {
    going = false
    await ended
  }
  return {
    answers,
    losses,
    get retries() {
      return retries
    },
    total: () => [...answers.values()].reduce((sum, count) => sum + count, 0),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function attemptOf(url: string, { agent, workerOf }: Client): Promise<Attempt> {
  const { promise, resolve } = Promise.withResolvers<Attempt>()
  const request = http.get(url, { agent, signal: AbortSignal.timeout(answerMs) })
  let socket: Socket | undefined
  let readBefore = 0
  let worker: number | null = null
  const lose = (reason: string): void => {
    const bytes = socket ? socket.bytesRead - readBefore : 0
    resolve({ loss: { reason, worker }, mayRetry: request.reusedSocket && bytes === 0 })
  }
  request.once('socket', (used) => {
    socket = used
    readBefore = used.bytesRead
    worker = workerOf.get(used) ?? null
  })
  request.once('response', (response) => {
    const { statusCode, headers } = response
    if (socket) workerOf.set(socket, Number(headers['x-worker']))
    worker = Number(headers['x-worker'])
    let body = ''
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    response.once('error', (error) => lose(error.message))
    response.once('end', () => {
      if (statusCode === 200 && Number(body) === worker) resolve({ worker })
      else lose(`status ${statusCode}, "${body}"`)
    })
  })
  request.once('error', (error) => lose(error.message))
  return promise
}
