import type { ListenOfApp } from '../app/listen/address-of-app.ts'
import type { RunningServer } from '../backends/server-backend.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { Reloader } from '../reload/reloader.ts'
import { expiringCertificates } from '../tls/expiring-certificates.ts'
import type { LaunchStatus } from './launch-handle.ts'

/** What a launch says of itself now. */
export function launchStatus({
  plan,
  server,
  lifecycle,
  reloader,
  now,
  ...facts
}: Pick<LaunchStatus, 'backend' | 'reason' | 'ownsProcess' | 'urls' | 'startedAt'> & {
  plan: LaunchPlan
  server: RunningServer
  lifecycle: Lifecycle
  reloader: Reloader
  now: () => Date
}): LaunchStatus {
  return {
    ...facts,
    state: lifecycle.state,
    name: plan.name,
    pid: process.pid,
    listen: server.ofApp?.source ? describeListen(server.ofApp) : null,
    workers: server.workers(),
    wanted: server.supervisor?.wanted ?? plan.workers,
    failing: server.supervisor?.failing() ?? [],
    certificate: reloader.tls?.leaf ?? null,
    expiring: reloader.tls ? expiringCertificates(reloader.tls, now()) : [],
    reload: reloader.status(),
  }
}

function describeListen({ source, part }: ListenOfApp): string {
  return part === null ? `${source}` : `${source}, the ${part} alone`
}
