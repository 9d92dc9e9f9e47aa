import type { JsonResult } from '../../json/json-results.ts'
import { resultJson } from '../../json/write-json.ts'
import type { ReadyFacts } from '../status/server-facts.ts'

/** The banner for programs: one line of JSON. */
export function renderReadyLine({ handle, status, readyMs, keylogFile }: ReadyFacts): string {
  const line: JsonResult<'run'> = {
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
  return resultJson('run', line, { isLine: true })
}
