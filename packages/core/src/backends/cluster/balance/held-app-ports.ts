import { isAppPort } from '../../../app/listen/app-ports.ts'
import { type AskedAddress, type AskedListen, describeAsked } from '../../../app/listen/asked-listen.ts'
import { codeOf, isErrorLike } from '../../../errors/thrown.ts'
import type { Logger } from '../../../log/logger.ts'
import type { AppPort } from '../../../plan/launch-plan.ts'
import { type HeldAddress, holdAddress } from '../../../platform/net/hold-address.ts'
import type { OpenHeldPort } from './app-port-exchange.ts'

/** As in Node: https://nodejs.org/api/net.html, server.listen(). */
const defaultBacklog = 511

/** A port may be opened at several addresses of this machine. */
const mostAddresses = 64

/**
 * The ports that the app opens itself (`appPorts`), as the primary holds them. The first worker that asks for one has it bound. All workers accept
 * from the same socket, as under `shared`, so it stays open while they are replaced.
 */
export class HeldAppPorts {
  readonly #ports: readonly AppPort[]
  readonly #log: Logger
  readonly #held = new Map<string, { readonly socket: Promise<HeldAddress>; isShared: boolean }>()
  #isClosed = false

  constructor(ports: readonly AppPort[], log: Logger) {
    this.#ports = ports
    this.#log = log
  }

  /** A worker asks for it, so the address is checked here once more. */
  async open({ address, backlog, flags }: AskedListen): ReturnType<OpenHeldPort> {
    if (address.kind !== 'tcp' || !isAppPort(address, this.#ports) || this.#isClosed)
      return { code: 'EACCES' }
    const ipv6Only = flags.includes('ipv6Only')
    const key = JSON.stringify([address.host, address.port, ipv6Only])
    const known = this.#held.get(key)
    if (known && !known.isShared) {
      known.isShared = true
      this.#log.info('the workers share a port of the app: each connection reaches one of them', {
        address: describeAsked(address),
      })
    }
    if (!known && this.#held.size >= mostAddresses) return { code: 'EMFILE' }
    const { socket } = known ?? { socket: hold(address, { ipv6Only, backlog: backlog ?? defaultBacklog }) }
    if (!known) this.#held.set(key, { socket, isShared: false })
    try {
      const [handle] = (await socket).handles
      return handle ? { handle } : { code: 'EINVAL' }
    } catch (error) {
      // The app may try it again.
      this.#held.delete(key)
      return { code: codeOf(isErrorLike(error) ? error.cause : error) || 'EINVAL' }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { socket } of this.#held.values())
      await socket.then(
        (held) => held.close(),
        () => undefined,
      )
    this.#held.clear()
  }
}

/** Without a host, every interface that the machine has, as in Node. */
function hold(
  { host, port }: Extract<AskedAddress, { kind: 'tcp' }>,
  { ipv6Only, backlog }: { ipv6Only: boolean; backlog: number },
): Promise<HeldAddress> {
  const place = host === null ? { host: '::', ...(!ipv6Only && { elseHost: '0.0.0.0' }) } : { host }
  return holdAddress(
    { kind: 'tcp', ...place, port, ...(ipv6Only && { ipv6Only }), mayMove: false },
    { sockets: 1, backlog },
  )
}
