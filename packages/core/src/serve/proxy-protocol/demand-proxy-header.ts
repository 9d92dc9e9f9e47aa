import type { Socket } from 'node:net'
import type { Logger } from '../../log/logger.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { isHarmlessRequest } from '../../verify/probes/harmless-request.ts'
import { trustedPeers } from '../client/trusted-peers.ts'
import { limitReports } from '../tls/refusal-reports.ts'
import { announce } from './announced-source.ts'
import { readProxyHeader } from './read-proxy-header.ts'

/** Reads the PROXY header of a connection, and then serves it. Without one that counts, the connection is closed. */
export type DemandProxyHeader = (socket: Socket, serve: () => void) => void

interface Refusal {
  readonly client: string | null
  readonly reason: string
}

/**
 * `null` when the plan has no PROXY protocol: then connections cost nothing. Otherwise each connection must have a header, since a server that
 * takes both kinds lets any client send one. Only trusted proxies may name a client. Any program on this machine may send the
 * header that names none (LOCAL), as Lockstep's own check of its addresses does.
 */
export function proxyHeaderDemand({
  plan: { proxy },
  log,
  onRefused,
}: {
  plan: Pick<LaunchPlan, 'proxy'>
  log: Logger
  onRefused: () => void
}): DemandProxyHeader | null {
  if (proxy.protocol === 'off') return null
  const peers = trustedPeers(proxy.trusted)
  const report = limitReports<Refusal>(({ client, reason, count }) =>
    log.warn(`connection refused: ${reason}`, { client, ...(count > 1 && { count }) }),
  )
  const refuse = (socket: Socket, reason: string, client = addressOf(socket)): void => {
    onRefused()
    report({ client, reason })
    socket.destroy()
  }
  return (socket, serve) => {
    const isTrusted = peers.hasPeerOf(socket)
    if (!isTrusted && !isOfThisMachine(socket)) {
      refuse(socket, 'it does not come from a proxy of --forwarded-allow-ips')
      return
    }
    // A connection that is reset meanwhile has none any more.
    const client = addressOf(socket)
    readProxyHeader(socket, {
      deadlineMs: proxy.protocolMs,
      onHeader({ length, source, isLocal }) {
        if (!isTrusted && source)
          refuse(
            socket,
            'its PROXY header names a client, which only a proxy of --forwarded-allow-ips may',
            client,
          )
        else {
          announce(socket, { source, isLocal, bytes: length })
          serve()
        }
      },
      onInvalid(reason, bytes) {
        // The launcher checks that a connection without a header is not served.
        if (isHarmlessRequest(bytes)) socket.destroy()
        else refuse(socket, reason, client)
      },
    })
  }
}

function addressOf({ remoteAddress }: Socket): string | null {
  return remoteAddress === undefined ? null : plainAddress(remoteAddress)
}

/** Whether the other end is a program on this machine. */
function isOfThisMachine({ remoteAddress, localAddress }: Socket): boolean {
  // Neither end of a UNIX domain socket has one.
  if (remoteAddress === undefined) return localAddress === undefined
  const remote = plainAddress(remoteAddress)
  return remote === '::1' || remote.startsWith('127.') || remoteAddress === localAddress
}
