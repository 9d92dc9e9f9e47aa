import { type ToldStatus, textWidth, visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { style } from '../../render/style.ts'
import { columnsOf } from '../../render/wrap.ts'
import { readyWorkers, stateInWords } from '../status/server-facts.ts'

const titles = ['PID', 'NAME', 'STATE', 'BACKEND', 'WORKERS', 'AGE', 'ADDRESS'] as const

/**
 * Running servers for people: a table, or a paragraph for each where that is too wide for the terminal. Programs that read a pipe always get one
 * line for each server.
 */
export function renderServerList(
  servers: readonly ToldStatus[],
  width: number = textWidth('stdout', Number.POSITIVE_INFINITY),
): string {
  if (servers.length === 0) return 'This user has no running server.\n'
  const rows = [titles, ...visibleFacts(servers).map(rowOf)]
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))))
  if (widths.reduce((sum, each) => sum + each + 2, -2) > width)
    return rows
      .slice(1)
      .map(
        (row) =>
          `${columns(
            row.map((cell, column): [string, string] => [style('dim', titles[column] ?? ''), cell]),
            width,
          )}\n`,
      )
      .join('\n')
  return rows
    .map((row, index) => {
      const text = row
        .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - columnsOf(cell))}`)
        .join('  ')
        .trimEnd()
      return `${index === 0 ? style('dim', text) : text}\n`
    })
    .join('')
}

function rowOf(status: ToldStatus): string[] {
  const { pid, name, backend, wanted, startedAt, urls } = status
  return [
    String(pid),
    name ?? '-',
    stateInWords(status),
    backend,
    `${readyWorkers(status)}/${wanted}`,
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
