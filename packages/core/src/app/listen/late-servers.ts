import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { readSettings } from '../contract/read-settings.ts'
import type { ListenCall } from './asked-listen.ts'
import { CapturedServer } from './captured-server.ts'
import { isOtherApp, isServable } from './same-app.ts'

/** Servers that listen once the app is served, and are of that same app. They bind nothing. */
export class LateServers {
  readonly #waiting: Server[] = []
  #addresses: readonly BoundAddress[] | null = null

  /** Returns false for one that is another app, or brings what the exported app lacks. */
  join(
    server: Server,
    { call, captured, exported }: { call: ListenCall; captured: CapturedServer | null; exported: unknown },
  ): boolean {
    if (captured) return this.#isSibling(server, captured) && this.#refuseQuietly(server)
    const isPlain = server.listenerCount('upgrade') === 0 && readSettings(server).length === 0
    if (!isServable(exported) || isOtherApp(exported, server) || !isPlain) return false
    new CapturedServer(server, call)
    this.#waiting.push(server)
    if (this.#addresses) process.nextTick(() => this.#open())
    return true
  }

  opened(addresses: readonly BoundAddress[]): void {
    this.#addresses ??= addresses
    this.#open()
  }

  #open(): void {
    const [first] = this.#addresses ?? []
    for (const server of this.#waiting.splice(0)) {
      Object.defineProperty(server, 'listening', { configurable: true, get: () => true })
      Object.defineProperty(server, 'address', {
        configurable: true,
        writable: true,
        value: () => (first ? addressOf(first) : null),
      })
      server.emit('listening')
    }
  }

  /** Fastify opens one more server for each address of `localhost`, with the same handler, and does without those that fail. */
  #isSibling(server: Server, captured: CapturedServer): boolean {
    const { address } = captured.asked
    return (
      address.kind === 'tcp' &&
      address.host === 'localhost' &&
      server.rawListeners('request')[0] === captured.server.rawListeners('request')[0]
    )
  }

  #refuseQuietly(server: Server): true {
    const error = Object.assign(new Error('the launcher decides about addresses'), { code: 'EADDRNOTAVAIL' })
    process.nextTick(() => server.emit('error', error))
    return true
  }
}

function addressOf(bound: BoundAddress): object | string {
  if (bound.kind !== 'tcp') return bound.path
  return { address: bound.host, port: bound.port, family: isIPv6(bound.host) ? 'IPv6' : 'IPv4' }
}
