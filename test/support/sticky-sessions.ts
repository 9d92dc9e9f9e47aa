// Servers of `clients/sessions.js` under `cluster`, and what their clients see.
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { type Started, startLockstep } from './lockstep.ts'

export const balances = ['round-robin', 'shared', 'reuse-port'] as const

export interface Seen {
  readonly pid: number
  readonly body: string
  readonly httpVersion: string
  readonly trailers: Record<string, string>
  readonly cookie: string | null
  readonly fields: readonly string[]
  readonly facts: { address: string; port: number; scheme: string; host: string; isForwarded: boolean }
  readonly certificate: string | null
  readonly socket: Record<string, unknown>
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly cookies: readonly string[]
  readonly localPort: number
  readonly headers: IncomingMessage['headers']
}

export const cluster = ['run', 'clients/sessions.js', '--backend', 'cluster', '--port', '0'] as const

export function start(...args: readonly string[]): Promise<Started> {
  return startLockstep([...cluster, ...args])
}

/** With its sockets in a folder below this one. */
export function startIn(folder: string): Promise<Started> {
  return startLockstep([...cluster, '--workers', '2', '--sticky', 'cookie'], { env: { TMPDIR: folder } })
}

export function socketFolders(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('lockstep-'))
}

/** Over a connection of its own. */
export async function ask(
  server: Started,
  {
    path = '/',
    body,
    cookie,
    headers = {},
    ...options
  }: RequestOptions & { body?: string; cookie?: string; cert?: string; key?: string } = {},
): Promise<Answer> {
  const send = server.url.startsWith('https') ? httpsRequest : httpRequest
  const asked = send({
    host: '127.0.0.1',
    port: server.port,
    path,
    agent: false,
    rejectUnauthorized: false,
    method: body === undefined ? 'GET' : 'POST',
    ...options,
    headers: { ...(cookie !== undefined && { cookie }), ...headers },
  } as RequestOptions)
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { localPort = 0 } = response.socket
  return {
    status: response.statusCode ?? 0,
    cookies: response.headers['set-cookie'] ?? [],
    text: await text(response),
    localPort,
    headers: response.headers,
  }
}

export const seen = (answer: Answer): Seen => JSON.parse(answer.text) as Seen
export const workerCookie = ({ cookies }: Answer): string | undefined =>
  cookies.find((cookie) => cookie.startsWith('lockstep_worker_'))
export const pairOf = (cookie = ''): string => cookie.split(';', 1)[0] ?? ''

/** A cookie of a worker, and which process it is. */
export async function session(server: Started): Promise<{ cookie: string; pid: number }> {
  const answer = await ask(server)
  return { cookie: pairOf(workerCookie(answer)), pid: seen(answer).pid }
}

export async function pidsOf(count: number, run: () => Promise<number>): Promise<number[]> {
  const pids = await Promise.all(Array.from({ length: count }, run))
  return [...new Set(pids)]
}

/** Sends the cookie of the first answer four times more. `raw` sends a request with this cookie, and returns the bytes of the answer. */
export async function answersToOneCookie(
  raw: (cookie: string) => Promise<string>,
): Promise<{ readonly pid: string | undefined; readonly answers: readonly string[] }> {
  const first = await raw('a=b')
  const cookie = /lockstep_worker_\w+=\w+/.exec(first)?.[0] ?? ''
  const answers: string[] = []
  for (let count = 0; count < 4; count += 1) answers.push(await raw(cookie))
  return { pid: /"pid":\d+/.exec(first)?.[0], answers }
}
