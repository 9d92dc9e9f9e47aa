import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PresentedMember } from '../app/contract/rows/member-rows.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'

/**
 * Makes an exported server, which never listens, answer as one that does: `listening`, `address()`, `getConnections()`, and the two that
 * close connections. They are its own members, so that those of Node's prototype show again when they are deleted.
 */
export function presentServer(
  server: Server,
  {
    http1,
    connectionCount,
    looksOpen,
  }: {
    http1: Server
    connectionCount: () => number
    /** It shows already that it listens, and where: see `CapturedServer`. */
    looksOpen: boolean
  },
): {
  /** Returns whether it was closed before, and never opened. */
  open(addresses: readonly BoundAddress[]): boolean
  /** Returns whether it was open. */
  close(): boolean
} {
  let state: 'new' | 'open' | 'closed' = 'new'
  let address: AddressInfo | string | null = null
  const members = {
    getConnections(callback: (error: Error | null, count: number) => void) {
      process.nextTick(callback, null, connectionCount())
      return server
    },
    closeAllConnections: () => http1.closeAllConnections(),
    closeIdleConnections: () => http1.closeIdleConnections(),
  } satisfies { readonly [Name in Exclude<PresentedMember, 'listening' | 'address'>]: unknown }
  const define = (name: string, value: unknown): void =>
    void Object.defineProperty(server, name, { configurable: true, writable: true, value })
  const showState = (): void => {
    Object.defineProperty(server, 'listening', { configurable: true, get: () => state === 'open' })
    define('address', () => (state === 'open' ? address : null))
  }
  if (!looksOpen) showState()
  for (const [name, value] of Object.entries(members)) define(name, value)
  return {
    open(addresses) {
      if (state !== 'new') return false
      state = 'open'
      const [first] = addresses
      address = first === undefined ? null : addressOf(first)
      showState()
      return true
    },
    close() {
      const wasOpen = state === 'open'
      state = 'closed'
      showState()
      return wasOpen
    },
  }
}

function addressOf(bound: BoundAddress): AddressInfo | string {
  if (bound.kind !== 'tcp') return bound.path
  return { address: bound.host, port: bound.port, family: bound.host.includes(':') ? 'IPv6' : 'IPv4' }
}
