import type { AppPort } from '../../plan/launch-plan.ts'
import type { AskedAddress } from './asked-listen.ts'

const everyInterface: readonly (string | null)[] = [null, '::', '0.0.0.0']

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
