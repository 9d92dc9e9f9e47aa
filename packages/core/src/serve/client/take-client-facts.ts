import type { IncomingMessage } from 'node:http'
import {
  type ClientFacts,
  factsGiven,
  factsOfConnection,
  rememberFacts,
} from '../../app/request/client-facts.ts'
import type { PlannedProxies } from '../../plan/launch-plan.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'
import { http2StreamOf } from '../http2/http2-exchange.ts'
import { announcementOf } from '../proxy-protocol/announced-source.ts'
import { hasClaims, replaceClaims } from './claim-headers.ts'
import { clientByForwarded, clientByXForwarded, type ForwardedClient } from './forwarded-client.ts'
import { trustedPeers } from './trusted-peers.ts'

/** Finds out who has sent a request, and removes from it what is not true. To be called before anything else looks at it; again, it does nothing. */
export type TakeClientFacts = (request: IncomingMessage) => void

/** Fields of trusted proxies that the app gets as they are. The proxy answers for them, since it passes them on. */
const kept: Readonly<Record<PlannedProxies['header'], (name: string) => boolean>> = {
  'x-forwarded': (name) =>
    name.startsWith('client-cert') || (name.startsWith('x-forwarded-') && !said.has(name)),
  forwarded: (name) => name.startsWith('client-cert'),
}

/** Those that say what other fields say too: with two of them, programs could disagree. */
const said: ReadonlySet<string> = new Set(
  ['for', 'proto', 'host', 'port', 'ssl', 'scheme', 'protocol', 'by', 'server'].map(
    (name) => `x-forwarded-${name}`,
  ),
)

const originals = new WeakMap<IncomingMessage, readonly string[]>()

/** The header fields of a request as the client has sent them, names and values in turn: for a process that finds out again who has sent it. */
export function fieldsAsSent(request: IncomingMessage): readonly string[] {
  return originals.get(request) ?? request.rawHeaders
}

const noValues: ReadonlyMap<string, string> = new Map()

/** `null` when no proxy is trusted: then requests stay as they are, and cost nothing. */
export function clientFactsTaker(
  { trusted, header }: PlannedProxies,
  { keepsOriginals }: { /** For `fieldsAsSent()`. */ keepsOriginals: boolean },
): TakeClientFacts | null {
  if (trusted.length === 0) return null
  const peers = trustedPeers(trusted)
  const read = header === 'forwarded' ? clientByForwarded : clientByXForwarded
  const trustOfConnections = new WeakMap<object, boolean>()
  /** A client that a load balancer has announced without an address is not the load balancer, nor one of a UNIX domain socket of ours. */
  const isTrusted = (request: IncomingMessage): boolean => {
    // Over HTTP/2 each request has an object of its own for its socket.
    const connection = http2StreamOf(request)?.session ?? request.socket
    const known = trustOfConnections.get(connection)
    if (known !== undefined) return known
    const announced = announcementOf(request.socket)
    const isPeerKnown = !announced || announced.isLocal || (announced.source?.address ?? null) !== null
    const answer = isPeerKnown && peers.hasPeerOf(request.socket)
    trustOfConnections.set(connection, answer)
    return answer
  }
  return (request) => {
    if (factsGiven(request) !== null) return
    if (keepsOriginals) originals.set(request, request.rawHeaders)
    const shown = factsOfConnection(request)
    if (!isTrusted(request)) {
      rememberFacts(request, shown)
      if (hasClaims(request)) replaceClaims(request, { values: noValues, keeps: () => false })
      return
    }
    const client = read(request.headers, peers.has)
    const facts = factsOf(client, shown)
    rememberFacts(request, facts)
    replaceClaims(request, { values: fieldsFor(request, { client, header }), keeps: kept[header] })
  }
}

function factsOf({ node, scheme, host }: ForwardedClient, shown: ClientFacts): ClientFacts {
  return {
    address: node ? node.address : shown.address,
    port: node ? node.port : shown.port,
    scheme: scheme ?? shown.scheme,
    host: host ?? shown.host,
    isForwarded: true,
  }
}

/**
 * What the app gets: one value of each, so that a framework finds the same, however many proxies it is set up to trust. Nothing that the proxy
 * has not said.
 */
function fieldsFor(
  { headers }: IncomingMessage,
  { client: { node, scheme, host }, header }: { client: ForwardedClient; header: PlannedProxies['header'] },
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  const address = node && (node.address ?? 'unknown')
  if (address !== null) fields.set('x-forwarded-for', address)
  if (scheme !== null) fields.set('x-forwarded-proto', scheme)
  if (host !== null) fields.set('x-forwarded-host', host)
  if (header === 'forwarded') {
    if (address !== null) fields.set('forwarded', forwardedField({ address, scheme, host }))
    return fields
  }
  const port = headers['x-forwarded-port']
  const lastPort = typeof port === 'string' ? (port.split(',').at(-1)?.trim() ?? '') : ''
  if (/^\d{1,5}$/.test(lastPort)) fields.set('x-forwarded-port', lastPort)
  if (address !== null && 'x-real-ip' in headers) fields.set('x-real-ip', address)
  return fields
}

/** One element of RFC 7239. An IPv6 address needs brackets and quotes, and a host with a port needs quotes. */
function forwardedField({
  address,
  scheme,
  host,
}: {
  address: string
  scheme: string | null
  host: string | null
}): string {
  const by = hostInUrl(address)
  return [
    `for=${by.includes(':') ? `"${by}"` : by}`,
    ...(scheme === null ? [] : [`proto=${scheme}`]),
    ...(host === null ? [] : [`host=${/[:[(,;=]/.test(host) ? `"${host}"` : host}`]),
  ].join(';')
}
