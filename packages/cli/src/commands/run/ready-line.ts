import { visibleJson } from '@lockstep/core/internal'
import type { ReadyFacts } from '../status/server-facts.ts'

/** The banner for programs: one line of JSON. */
export function renderReadyLine({ handle, status, readyMs, keylogFile }: ReadyFacts): string {
  const line = {
    level: 'info',
    message: `ready at ${handle.urls.join(' ')} `.trimEnd(),
    type: 'ready',
    urls: handle.urls,
    addresses: handle.addresses,
    backend: status.backend,
    reason: status.reason,
    name: status.name,
    pid: status.pid,
    workers: status.workers.map(({ id, pid }) => ({ id, pid })),
    certificate: status.certificate,
    verification: handle.verification,
    readyMs,
    ...(keylogFile !== null && { keylogFile }),
    timestamp: new Date().toISOString(),
  }
  return `${visibleJson(line)}\n`
}
