import { type ServedCounts, type ToldStatus, visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { style } from '../../render/style.ts'
import { daysUntil, readyWorkers, stateInWords } from './server-facts.ts'

/** Running servers for people, one paragraph each. */
export function renderStatus(servers: readonly ToldStatus[]): string {
  if (servers.length === 0) return 'This user has no running server.\n'
  return visibleFacts(servers)
    .map((server) => `${renderOne(server)}\n`)
    .join('\n')
}

function renderOne(status: ToldStatus): string {
  const { pid, name } = status
  const state = stateInWords(status)
  const title = `${style('bold', name ?? String(pid))}${name === null ? '' : ` (${pid})`}`
  return `${title}  ${style(state === 'ready' ? 'green' : 'yellow', state)}\n${columns(rows(status))}`
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
}: ToldStatus): [string, string][] {
  const ready = readyWorkers({ workers })
  const serves = (worker: number): boolean =>
    workers.some(({ id, state }) => id === worker && state === 'ready')
  return [
    ...(urls.length > 0 ? [['address', urls.join(', ')] as [string, string]] : []),
    ...(listen ? [['set by', listen] as [string, string]] : []),
    ['backend', `${backend} (${reason})`],
    ['started', startedAt],
    ...workers.map(({ id, pid, state, restarts, served }): [string, string] => [
      `worker ${id}`,
      `${state}, process ${pid}${restarts > 0 ? `, replaced ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}${served ? `, ${share(served)}` : ''}`,
    ]),
    ...(ready < wanted && backend !== 'single'
      ? [['workers', `${ready} of ${wanted} ${ready === 1 ? 'serves' : 'serve'}`] as [string, string]]
      : []),
    ...failing.map(({ worker, failures, reason }): [string, string] => [
      style('red', `worker ${worker}`),
      `failed ${failures} times in a row and ${serves(worker) ? 'now serves again' : 'is tried again'}: ${reason}`,
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
