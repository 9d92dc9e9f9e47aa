import type { AppPort } from '../../plan/launch-plan.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'
import { type AskedAddress, describeAsked } from './asked-listen.ts'

/** The flags that let an app listen somewhere by itself, for messages. On Windows the workers of `cluster` can't share a port. */
export function flagOfAppPort(
  place: number | string | null,
  platform: NodeJS.Platform = process.platform,
): string {
  return `--app-port ${place ?? 'PORT'}${platform === 'win32' ? ' with --backend single' : ''}`
}

/**
 * What lets the app open an address by itself, for messages: `use --app-port 9100`. The host is in it where the same port of another host is
 * to be served.
 */
export function howToAllow(address: AskedAddress, beside: AskedAddress | null = null): string {
  if (address.kind !== 'tcp') return `use ${flagOfAppPort(null)}`
  if (address.port === 0)
    return `give the server at ${describeAsked(address)} a port of its own in the app, and name that with ${flagOfAppPort(null)}`
  const isShared = beside?.kind === 'tcp' && beside.port === address.port
  return `use ${flagOfAppPort(isShared ? `${hostInUrl(address.host ?? '::')}:${address.port}` : address.port)}`
}

/** Whether the user lets the app listen there by itself (`appPorts`). A port without a host means that port at any address. */
export function isAppPort(address: AskedAddress, ports: readonly AppPort[]): boolean {
  if (address.kind !== 'tcp') return false
  const { host } = address
  // `0.0.0.0` is another address than `::`: an app may have a server at each of them, with the same port.
  return ports.some(
    (allowed) => allowed.port === address.port && (allowed.host === null || allowed.host === (host ?? '::')),
  )
}
