import { type ToldStatus, visibleFacts } from '@lockstep/core/internal'
import { style } from '../../render/style.ts'

const titles = ['PID', 'NAME', 'STATE', 'BACKEND', 'WORKERS', 'AGE', 'ADDRESS'] as const

/** Running servers for people, as a table. */
export function renderServerList(servers: readonly ToldStatus[]): string {
  if (servers.length === 0) return 'This user has no running server.\n'
  const rows = [titles, ...visibleFacts(servers).map(rowOf)]
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row, index) => {
      const text = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      return `${index === 0 ? style('dim', text) : text}\n`
    })
    .join('')
}

function rowOf({
  pid,
  name,
  state,
  backend,
  workers,
  wanted,
  failing,
  startedAt,
  urls,
}: ToldStatus): string[] {
  const ready = workers.filter((worker) => worker.state === 'ready').length
  return [
    String(pid),
    name ?? '-',
    failing.length > 0 ? `${state}, degraded` : state,
    backend,
    `${ready}/${wanted}`,
    age(Date.now() - Date.parse(startedAt)),
    urls.join(', ') || '-',
  ]
}

/** The largest unit that fits, as `ps` and `docker ps` do. */
function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}
