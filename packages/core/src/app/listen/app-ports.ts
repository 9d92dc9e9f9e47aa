import type { AppPort } from '../../plan/launch-plan.ts'
import type { AskedAddress } from './asked-listen.ts'

const everyInterface: readonly (string | null)[] = [null, '::', '0.0.0.0']

/** The flags that let an app listen at a port by itself, for messages. On Windows the workers of `cluster` can't share one. */
export function flagOfAppPort(port: number | null, platform: NodeJS.Platform = process.platform): string {
  return `--app-port ${port ?? 'PORT'}${platform === 'win32' ? ' with --backend single' : ''}`
}

/** Whether the user lets the app listen there by itself (`appPorts`). A port without a host means that port at any address. */
export function isAppPort(address: AskedAddress, ports: readonly AppPort[]): boolean {
  if (address.kind !== 'tcp') return false
  return ports.some(
    ({ host, port }) =>
      port === address.port &&
      (host === null ||
        host === address.host ||
        (everyInterface.includes(host) && everyInterface.includes(address.host))),
  )
}
