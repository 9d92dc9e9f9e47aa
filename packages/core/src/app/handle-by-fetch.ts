import type { IncomingMessage, ServerResponse } from 'node:http'
import { isErrored, type Readable } from 'node:stream'
import { NodeRequest, type FastResponse as NodeResponse, sendNodeResponse } from 'srvx/node'
import type { FetchHandler } from './contract/fetch-object.ts'
import { factsGiven } from './request/client-facts.ts'
import { rememberNodeRequest } from './request/node-request.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Makes a function for Node's requests of one for the Fetch API. The promise of the function rejects with what the app is to blame for: what its
 * handler throws, an answer that is not an unused `Response`, and what fails the body. srvx would drop the last in silence.
 */
export function handleByFetch(handler: FetchHandler): Handle {
  return async (node, response) => {
    const request = new NodeRequest({ req: node, res: response })
    prepare(request, node)
    const failure = failureOfBody(response)
    const { body, sent } = withBody(checked(await handler(request), request))
    await sendNodeResponse(response, sent)
    failure()
    // srvx leaves a response open whose body has failed without a reason, and does not report a stream of Node that fails before its first bytes.
    const hasClientLeft = response.destroyed && !response.writableFinished
    if (body && isErrored(body) && !hasClientLeft)
      throw body.errored ?? new Error('The body of the Response failed without a reason.')
  }
}

/** A `Response` of srvx can be asked once for what it consists of. */
type FastResponse = InstanceType<typeof NodeResponse>

/** What to send for a `Response`, and its body if that is a stream. One of the web is an error without `errored`. */
function withBody(answer: Response): { readonly body: Readable | null; readonly sent: Response } {
  const prepared = (answer as Partial<FastResponse>)._toNodeResponse?.()
  const body = prepared ? prepared.body : answer.body
  return {
    body: typeof body === 'object' ? (body as Readable | null) : null,
    sent: prepared ? ({ _toNodeResponse: () => prepared } as FastResponse) : answer,
  }
}

/** The app may ask for the sender of a `Request`, which only Node's own request knows. */
function prepare(request: Request, node: IncomingMessage): void {
  rememberNodeRequest(request, node)
  if (!canBeInUrl(hostOf(node))) show(request, { url: urlWithoutHost(node) })
  showForwarded(request, node)
}

/** The URL and the sender as a trusted proxy says. srvx would read the fields itself, but takes every request over TLS for one of `https`. */
function showForwarded(request: Request, node: IncomingMessage): void {
  const facts = factsGiven(node)
  if (!facts?.isForwarded) return
  const url = new URL(request.url)
  url.protocol = `${facts.scheme}:`
  if (facts.host !== null) {
    // To set a host without a port leaves the port that there is.
    url.port = ''
    url.host = facts.host
  }
  show(request, { url: url.href, ip: facts.address ?? undefined })
}

function show(request: Request, shown: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(shown))
    Object.defineProperty(request, name, { value, enumerable: true, configurable: true })
}

function hostOf({ headers }: IncomingMessage): string {
  return headers.host ?? (headers as { ':authority'?: string })[':authority'] ?? ''
}

/**
 * Whether a URL can have the host that a client names. srvx replaces most others by `_invalid_`, but passes some on, such as `1.2.3.4.5`: then
 * `new URL(request.url)` throws in the app.
 */
function canBeInUrl(host: string): boolean {
  if (host === passedLast) return true
  if (!URL.canParse(`http://${host}`)) return host === ''
  passedLast = host
  return true
}

/** Most requests name the same host, and to compare it costs less than to parse it. */
let passedLast = ''

function urlWithoutHost({ url = '/', socket }: IncomingMessage): string {
  const target = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
  const scheme = 'encrypted' in socket ? 'https' : 'http'
  return new URL(`${scheme}://_invalid_${target.startsWith('/') ? '' : '/'}${target}`).href
}

/** `Response` may be a class of another realm, or of srvx, which is asked for nothing that would make a native one of it. */
function checked(answer: unknown, { method }: Request): Response {
  const given = answer as Partial<Response> | null | undefined
  if (typeof given !== 'object' || given === null || typeof given.status !== 'number' || !given.headers)
    throw new TypeError(`The fetch function of the app returned ${nameOf(given)}, and not a Response.`)
  if (!('_toNodeResponse' in given) && given.bodyUsed && method !== 'HEAD')
    throw new TypeError('The fetch function of the app returned a Response whose body was used before.')
  return given as Response
}

function nameOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/**
 * Returns a function that throws what has failed the body of a response, if that is an error. srvx only destroys the response with it. So this is a trick: it replaces a
 * method of Node. `errored` would be no help, since over HTTP/2 it is also what the client did. After the client has left, a body may fail for that.
 */
function failureOfBody(response: ServerResponse): () => void {
  const { destroy } = response
  let failed: { readonly error: unknown } | null = null
  response.destroy = (error) => {
    if (error !== undefined && !response.destroyed) failed ??= { error }
    return destroy.call(response, error)
  }
  return () => {
    if (failed) throw failed.error
  }
}
