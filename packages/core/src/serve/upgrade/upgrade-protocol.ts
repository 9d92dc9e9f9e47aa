import type { IncomingMessage } from 'node:http'
import type { ServedApp } from '../../app/served-app.ts'

/** The protocols that a request offers to go on with, in lower case and without their versions (RFC 9110 section 7.8). */
export function offeredProtocols({ headers }: IncomingMessage): readonly string[] {
  return (headers.upgrade ?? '')
    .split(',')
    .map((protocol) => protocol.trim().toLowerCase().split('/', 1)[0] ?? '')
    .filter((protocol) => protocol !== '')
}

/** What only the launcher could speak, and doesn't: HTTP/2 without TLS, TLS within HTTP (RFC 2817), another version of HTTP. */
const neverForTheApp: readonly string[] = ['h2c', 'h2', 'tls', 'http']

/** Whether the app may be asked for a protocol; it may have a version, as in `HTTP/2.0`. */
export function isPassableProtocol(protocol: string): boolean {
  return !neverForTheApp.includes(protocol.toLowerCase().split('/', 1)[0] ?? '')
}

/** The value of `Upgrade` without the protocols that only the launcher could speak. */
export function passableProtocols({ headers }: IncomingMessage): string {
  return (headers.upgrade ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter(isPassableProtocol)
    .join(', ')
}

/** Whether the app may take one of the protocols that are offered. */
export function takesProtocol(
  { upgrade, takesOnly, server }: ServedApp,
  offered: readonly string[],
): boolean {
  if (!upgrade || (server && !server.has('upgrade'))) return false
  const only = takesOnly ?? (server?.takesOnlyWebSockets() ? 'websocket' : null)
  return offered.some((protocol) => (only === null ? isPassableProtocol(protocol) : protocol === only))
}
