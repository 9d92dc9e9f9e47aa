import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'

/** What a client saw of one answer. */
export interface Answer {
  readonly status: number
  readonly reason: string
  /** The headers as they were sent and in order, without Date. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Question {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The CA for HTTPS, instead of those of the system. */
  readonly ca?: string
  /** Replaces the host and the port of the URL. */
  readonly socketPath?: string
}

const deadlineMs = 10_000

/** Sends one request on a new connection that the server may keep open. */
export async function exchange(url: string, { body, ...question }: Question = {}): Promise<Answer> {
  using asked = ask(url, question)
  asked.request.end(body)
  return await answerOf(await asked.response)
}

/** Sends each part of a body only after the previous part has come back, and returns everything that came back. */
export async function echoByParts(
  url: string,
  { parts, ...question }: Question & { parts: readonly string[] },
): Promise<Answer> {
  using asked = ask(url, { ...question, method: 'POST' })
  const [first = '', ...others] = parts
  asked.request.write(first)
  const response = await asked.response
  const left = [...others]
  let body = ''
  let sent = first
  for await (const piece of response.setEncoding('utf8')) {
    body += piece
    if (body !== sent) continue
    const next = left.shift()
    if (next === undefined) asked.request.end()
    else asked.request.write(next)
    sent += next ?? ''
  }
  return { ...headOf(response), body }
}

function ask(
  url: string,
  { method = 'GET', path = '/', headers = {}, ca, socketPath }: Omit<Question, 'body'>,
): { request: http.ClientRequest; response: Promise<IncomingMessage> } & Disposable {
  const client = url.startsWith('https:') ? https : http
  const agent = new client.Agent({ keepAlive: true })
  const request = client.request(new URL(path, url), {
    agent,
    method,
    headers,
    signal: AbortSignal.timeout(deadlineMs),
    ...(ca !== undefined && { ca }),
    ...(socketPath !== undefined && { socketPath }),
  })
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject)
  })
  return { request, response, [Symbol.dispose]: () => agent.destroy() }
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  return { ...headOf(response), body: await text(response) }
}

function headOf({ statusCode = 0, statusMessage = '', rawHeaders }: IncomingMessage): Omit<Answer, 'body'> {
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() !== 'date' ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  )
  return { status: statusCode, reason: statusMessage, headers }
}

/** The value of a header, or `undefined`. */
export function header({ headers }: Answer, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1]
}
