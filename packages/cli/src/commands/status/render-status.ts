import { type ServedCounts, type ToldStatus, visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { style } from '../../render/style.ts'
import { daysUntil } from './server-facts.ts'

/** Running servers for people, one paragraph each. */
export function renderStatus(servers: readonly ToldStatus[]): string {
  if (servers.length === 0) return 'This user has no running server.\n'
  return visibleFacts(servers)
    .map((server) => `${renderOne(server)}\n`)
    .join('\n')
}

function renderOne({ pid, name, state: where, ...rest }: ToldStatus): string {
  const state = rest.failing.length > 0 ? `${where}, degraded` : where
  const title = `${style('bold', name ?? String(pid))}${name === null ? '' : ` (${pid})`}`
  return `${title}  ${style(state === 'ready' ? 'green' : 'yellow', state)}\n${columns(rows(rest))}`
}

function rows({
  backend,
  reason,
  listen,
  urls,
  workers,
  wanted,
  failing,
  startedAt,
  certificate,
  expiring,
  reload,
}: Omit<ToldStatus, 'pid' | 'name' | 'state'>): [string, string][] {
  return [
    ...(urls.length > 0 ? [['address', urls.join(', ')] as [string, string]] : []),
    ...(listen ? [['set by', listen] as [string, string]] : []),
    ['backend', `${backend} (${reason})`],
    ['started', startedAt],
    ...workers.map(({ id, pid, state, restarts, served }): [string, string] => [
      `worker ${id}`,
      `${state}, process ${pid}${restarts > 0 ? `, replaced ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}${served ? `, ${share(served)}` : ''}`,
    ]),
    ...(workers.length < wanted && backend !== 'single'
      ? [['workers', `${workers.length} of ${wanted}`] as [string, string]]
      : []),
    ...failing.map(({ worker, failures, reason }): [string, string] => [
      style('red', `worker ${worker}`),
      `failed ${failures} times in a row and is tried again: ${reason}`,
    ]),
    ...(certificate
      ? ([
          ['certificate', `${certificate.subject}, ${expiry(certificate.notAfter)}`],
          ['SHA-256', certificate.fingerprint256],
        ] as [string, string][])
      : []),
    ...expiring.map(({ role, subject, hosts, notAfter }): [string, string] => [
      style('red', 'renew'),
      `${role === 'leaf' ? '' : `${role} `}${subject}${role === 'leaf' && hosts.length > 0 ? ` for ${hosts.join(', ')}` : ''}, ${expiry(notAfter)}`,
    ]),
    ...(reload.last
      ? [
          ['reloaded', `${reload.last.at} (${causes[reload.last.cause] ?? reload.last.cause})`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(reload.failure
      ? [
          [
            style('red', 'reload failed'),
            `${reload.failure.at} (${causes[reload.failure.cause] ?? reload.failure.cause}): ${reload.failure.message} [${reload.failure.code}]`,
          ] as [string, string],
        ]
      : []),
  ]
}

/** What asked for a reload, for people. */
const causes: Readonly<Record<string, string>> = {
  api: 'by the program',
  signal: 'by a signal',
  verb: 'by `lockstep reload`',
  file: 'a file has changed',
  renewal: 'the certificate was renewed',
  retry: 'tried again after a failure',
}

function share({ connections, requests, lostLines = 0 }: ServedCounts): string {
  const lost = lostLines > 0 ? `, ${lostLines} lines of the access log lost` : ''
  return `served ${counted(requests, 'request')} on ${counted(connections, 'connection')}${lost}`
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

function expiry(notAfter: string): string {
  const days = daysUntil(new Date(notAfter))
  if (new Date(notAfter) < new Date()) return `expired on ${notAfter.slice(0, 10)}`
  return `expires ${notAfter.slice(0, 10)} (in ${days} ${days === 1 ? 'day' : 'days'})`
}
