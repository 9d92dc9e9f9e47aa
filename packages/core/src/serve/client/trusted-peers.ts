import { BlockList, isIPv6, type Socket } from 'node:net'
import { plainAddress } from '../../platform/net/address/plain-address.ts'

/** The proxies of `proxy.trusted`. */
export interface TrustedPeers {
  /** Whether an IP address is one of theirs. Anything that is not an IP address isn't. */
  has(address: string): boolean
  /** Whether the other end of a connection is one of them. */
  hasPeerOf(socket: Pick<Socket, 'remoteAddress' | 'localAddress' | 'destroyed'>): boolean
}

/** How many answers are remembered: the proxies of most servers, and the clients behind them who come more than once. */
const longestMemory = 1_000

/** `trusted`: addresses, networks as `10.0.0.0/8`, `unix`, or `*` alone. Each was checked before. */
export function trustedPeers(trusted: readonly string[]): TrustedPeers {
  const all = trusted.includes('*')
  const unix = all || trusted.includes('unix')
  const list = new BlockList()
  for (const one of trusted) if (one !== '*' && one !== 'unix') addTo(list, one)
  const known = new Map<string, boolean>()
  const look = (address: string): boolean => {
    const answer = list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
    if (known.size >= longestMemory) known.clear()
    known.set(address, answer)
    return answer
  }
  const has = (address: string): boolean => all || (known.get(address) ?? look(address))
  return {
    has,
    hasPeerOf(socket) {
      if (socket.remoteAddress !== undefined) return has(plainAddress(socket.remoteAddress))
      // A TCP connection has no address any more once it is reset or closed, and must not pass for one of a UNIX domain socket.
      return unix && !socket.destroyed && socket.localAddress === undefined
    },
  }
}

function addTo(list: BlockList, text: string): void {
  const [address = '', prefix] = text.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
}
