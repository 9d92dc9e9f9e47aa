import { type ListeningPlace, type ListeningSocket, listeningSockets } from './listening-sockets.ts'
import type { PrivatePlace } from './private-place.ts'
import { membersOf, type ProgramIdentity } from './program-members.ts'

/** Whether a program listens where it was asked to, and where else. */
export type ListeningProof =
  /** It does. `exposed`: it also listens where other machines reach it. */
  | { readonly is: 'proven'; readonly exposed: readonly ListeningPlace[] }
  /** It listens only elsewhere; `places` may be empty. */
  | { readonly is: 'elsewhere'; readonly places: readonly ListeningPlace[] }
  /** Another process listens there. `null`: the system does not show which. */
  | { readonly is: 'taken'; readonly pid: number | null }
  /** The system does not show which process listens where. */
  | { readonly is: 'unseen' }

/** Looks which processes listen at a place, by the tables of the system. */
export async function proveListening(program: ProgramIdentity, place: PrivatePlace): Promise<ListeningProof> {
  const members = await membersOf(program)
  const sockets = await listeningSockets({ of: members })
  if (sockets === null) return { is: 'unseen' }
  const proof = judgeListening(place, { members, sockets })
  if (proof.is !== 'taken' || proof.pid !== null) return proof
  return judgeListening(place, { members, sockets: (await listeningSockets()) ?? sockets })
}

export function judgeListening(
  place: PrivatePlace,
  { members, sockets }: { members: readonly number[]; sockets: readonly ListeningSocket[] },
): ListeningProof {
  const isOurs = ({ pids }: ListeningSocket): boolean => pids.some((pid) => members.includes(pid))
  const ours = sockets.filter(isOurs)
  const exposed = unique(ours.filter(isExposed))
  // The system does not show which process serves a named pipe. Its name cannot be guessed.
  if (place.kind === 'pipe') return { is: 'proven', exposed }
  const there = sockets.filter((socket) => isAt(socket, place))
  if (there.some(isOurs) && there.filter((socket) => isExactly(socket, place)).every(isOurs))
    return { is: 'proven', exposed }
  const other = there.find((socket) => !isOurs(socket))
  if (other) return { is: 'taken', pid: other.pids[0] ?? null }
  return { is: 'elsewhere', places: unique(ours) }
}

/** Whether a connection to the place may reach that socket. */
function isAt(socket: ListeningPlace, place: Exclude<PrivatePlace, { kind: 'pipe' }>): boolean {
  if (isExactly(socket, place)) return true
  return (
    place.kind === 'tcp' && socket.kind === 'tcp' && socket.port === place.port && isWildcard(socket.host)
  )
}

function isExactly(socket: ListeningPlace, place: PrivatePlace): boolean {
  if (place.kind === 'unix') return socket.kind === 'unix' && socket.path === place.path
  return (
    place.kind === 'tcp' &&
    socket.kind === 'tcp' &&
    socket.port === place.port &&
    [place.host, `::ffff:${place.host}`, mapped(place.host)].includes(socket.host)
  )
}

/** An IPv4 address as an IPv6 socket has it, by RFC 5952: `::ffff:7f00:1`. */
function mapped(host: string): string {
  return new URL(`http://[::ffff:${host}]`).hostname.slice(1, -1)
}

function isExposed(socket: ListeningPlace): boolean {
  return socket.kind === 'tcp' && !isLoopback(socket.host)
}

function isLoopback(host: string): boolean {
  return host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host) || /^::ffff:(127\.|7f[\da-f]{2}:)/.test(host)
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function unique(sockets: readonly ListeningSocket[]): ListeningPlace[] {
  const places = sockets.map(({ pids: _, ...place }) => place)
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()]
}
