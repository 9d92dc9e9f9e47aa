import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { ConnectionOptions } from 'node:tls'
import type { LaunchPlan, ServedProtocol } from '../../plan/launch-plan.ts'
import { type ConnectionEnds, endsOf } from '../../platform/net/accept-watch.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { formatBindAddress, pipePrefix } from '../../platform/net/address/format-bind-address.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'

/** How a client on this machine reaches a bound address, and what it speaks there. */
export type ProbedAddress = ({ readonly host: string; readonly port: number } | { readonly path: string }) & {
  readonly protocol: ServedProtocol
  /** Of the plan, for a probe that asks what is served as the app. */
  readonly secret?: string | undefined
  /** The plan limits connections, so that the server may close one at once without a byte. */
  readonly isLimited: boolean
  /** It demands the PROXY protocol. */
  readonly demandsProxyHeader: boolean
}

export type ProbeTarget = ProbedAddress & {
  /** All that were made to it. */
  readonly connections: ProbedConnection[]
  /** Makes the attempts; `null`: they are made in this thread. */
  readonly thread: ProbeThread | null
}

export interface ProbedConnection {
  readonly ends: ConnectionEnds
  readonly socket: { readonly bytesRead: number }
}

/** An attempt and its options, which can be cloned. */
export type AskedProbe =
  | { readonly kind: 'tls'; readonly options: ConnectionOptions & { deadlineMs: number } }
  | { readonly kind: 'plain'; readonly options: { deadlineMs: number; request?: string | Buffer } }

export interface ProbeThread {
  /** Resolves with what the attempt has seen; `null`: the thread is gone. */
  ask(probe: AskedProbe, target: ProbeTarget): Promise<object | null>
}

/** The PROXY header, version 2, of a sender that speaks for itself: command LOCAL, no family, no addresses. */
const localHeader = Buffer.from('\r\n\r\n\0\r\nQUIT\n\x20\0\0\0', 'latin1')

/** Connects to it, and remembers the connection. */
export function connectTo(target: ProbeTarget): Socket {
  const socket = connect('path' in target ? { path: target.path } : { host: target.host, port: target.port })
  if (target.demandsProxyHeader) socket.write(localHeader)
  socket.once('connect', () => {
    const ends = endsOf(socket, 'client')
    if (ends !== null) target.connections.push({ ends, socket })
  })
  return socket
}

/** Those over which something came back: of the others it is not known whether a server has accepted them. */
export function answeredConnections({ connections }: ProbeTarget): readonly ConnectionEnds[] {
  return connections.flatMap(({ ends, socket }) => (socket.bytesRead > 0 ? ends : []))
}

/** "Every interface" is not an address to connect to; loopback is one of them. */
export function probeTarget(
  address: BoundAddress,
  {
    protocol,
    thread = null,
    plan: { limits, proxy, probeSecret },
  }: Pick<ProbeTarget, 'protocol'> & {
    readonly thread?: ProbeThread | null
    readonly plan: Pick<LaunchPlan, 'limits' | 'proxy' | 'probeSecret'>
  },
): ProbeTarget {
  const about = {
    protocol,
    secret: probeSecret,
    isLimited: limits.connections !== null,
    demandsProxyHeader: proxy.protocol === 'require',
    connections: [],
    thread,
  }
  if (address.kind !== 'tcp') return { path: address.path, ...about }
  return { host: reachable(address.host), port: address.port, ...about }
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host !== '::') return host
  // A socket that is bound to `::` takes IPv4 too. Where IPv6 is switched off, as in many containers, that is all it gets.
  return hasAddress('::1') ? '::1' : '127.0.0.1'
}

function hasAddress(wanted: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === wanted))
}

export function formatTarget(target: ProbeTarget): string {
  if ('path' in target)
    return formatBindAddress({
      kind: target.path.startsWith(pipePrefix) ? 'pipe' : 'unix',
      path: target.path,
    })
  return `${hostInUrl(target.host)}:${target.port}`
}
