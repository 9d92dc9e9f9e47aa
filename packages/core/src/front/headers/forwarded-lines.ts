import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { type ClientFacts, factsGiven, factsOfConnection } from '../../app/request/client-facts.ts'
import { http2StreamOf } from '../../serve/http2/http2-exchange.ts'
import { clientCertLines } from './client-cert-lines.ts'

type Client = Pick<ClientFacts, 'address' | 'scheme' | 'host' | 'isForwarded'>

/** Requests on one connection mostly have the same lines. */
interface Remembered {
  readonly client: Client
  readonly port: string | null
  readonly lines: string
}

const remembered = Symbol('forwarded lines')

/**
 * What the upstream should know of a client, as lines of a head: `X-Forwarded-*`, `Forwarded` (RFC 7239), `Client-Cert` (RFC 9440). One value of each, so
 * that a framework finds the same, however many proxies it is set up to trust. `port` is what a trusted proxy says; else it is that of the host.
 */
export function forwardedLines(
  request: IncomingMessage,
  { host, port }: { host: string | null; port: string | null },
): string {
  // Over HTTP/2, the socket of a request is a new object each time.
  const session = request.httpVersionMajor === 2 ? http2StreamOf(request)?.session : null
  const connection = (session ?? request.socket) as { [remembered]?: Remembered }
  const before = connection[remembered]
  const given = factsGiven(request)
  if (before && before.port === port && (given ? isSame(before.client, given) : before.client.host === host))
    return before.lines
  const client = given ?? { ...factsOfConnection(request), host }
  const lines = compose(client, port)
  // A trusted proxy says itself which certificate its client has shown.
  const certificate = client.isForwarded ? '' : clientCertLines(request.socket as Partial<TLSSocket>)
  connection[remembered] = { client, port, lines: lines + certificate }
  return lines + certificate
}

function isSame(one: Client, other: Client): boolean {
  return (
    one.host === other.host &&
    one.address === other.address &&
    one.scheme === other.scheme &&
    one.isForwarded === other.isForwarded
  )
}

function compose({ address, scheme, host }: Client, port: string | null): string {
  const forwarded = [`for=${nodeOf(address)}`, `proto=${scheme}`, ...(host ? [`host=${quoted(host)}`] : [])]
  const lines = [
    // Without this field a framework would take the front for the client, as one of this machine.
    `X-Forwarded-For: ${address ?? 'unknown'}`,
    `X-Forwarded-Proto: ${scheme}`,
    ...(host ? [`X-Forwarded-Host: ${host}`] : []),
    `X-Forwarded-Port: ${port ?? portOf(host) ?? (scheme === 'https' ? 443 : 80)}`,
    `Forwarded: ${forwarded.join(';')}`,
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** RFC 7239 section 6: an IPv6 address is in brackets, and so in quotes. */
function nodeOf(address: string | null): string {
  if (address === null) return 'unknown'
  return address.includes(':') ? `"[${address}]"` : address
}

function quoted(text: string): string {
  return /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

function portOf(host: string | null): string | undefined {
  return host === null ? undefined : /:(\d+)$/.exec(host)?.[1]
}
