import { networkInterfaces } from 'node:os'
import type { LaunchHandle, LaunchStatus, PlannedApp, ToldStatus } from '@lockstep/core/internal'

export interface ReadyFacts {
  readonly handle: LaunchHandle
  readonly status: LaunchStatus
  /** The product whose command this is, which is often the name of its server too; `null`: Lockstep itself. */
  readonly product: string | null
  /** The app as it was planned; `null`: there is no plan. */
  readonly app: PlannedApp | null
  /** The current folder of the command, which the option `chdir` may change for the server. */
  readonly directory: string
  /** From the start of the command to now. */
  readonly readyMs: number
  /** Gets the secrets of every connection; `null`: nothing does. */
  readonly keylogFile: string | null
  /** The certificate is of the local CA, and this machine does not trust that CA. */
  readonly isTrustMissing: boolean
}

/** How many workers serve. */
export function readyWorkers({ workers }: Pick<ToldStatus, 'workers'>): number {
  return workers.filter(({ state }) => state === 'ready').length
}

/** What a server does now, in a word or three. Its launcher may be ready while none of its workers is. */
export function stateInWords(status: Pick<ToldStatus, 'state' | 'workers' | 'failing'>): string {
  const { state, failing } = status
  if ((state === 'ready' || state === 'reloading') && readyWorkers(status) === 0) return 'no worker serves'
  return failing.length > 0 ? `${state}, degraded` : state
}

/** URLs under which other machines may reach a server that is bound to every interface. */
export function networkUrls({ addresses, urls }: LaunchHandle): string[] {
  const scheme = urls[0]?.split(':', 1)[0] ?? 'http'
  return addresses.flatMap((address) => {
    if (address.kind !== 'tcp' || (address.host !== '0.0.0.0' && address.host !== '::')) return []
    return Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address: ip }) => `${scheme}://${ip}:${address.port}/`)
  })
}

export function daysUntil(date: Date, now = new Date()): number {
  return Math.floor((date.getTime() - now.getTime()) / 86_400_000)
}
