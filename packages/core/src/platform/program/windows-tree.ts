import { descendantsIn } from '../process/descendants.ts'
import { findProgram, systemProgram } from '../system/find-program.ts'
import { runQuietly } from './run-quietly.ts'

export interface WindowsProcess {
  readonly pid: number
  /** The process that has started it. It may have ended, and another one may have its id now. */
  readonly parent: number
  /** In milliseconds since 1970; `null` where the system does not say. */
  readonly createdAt: number | null
}

/** The processes that Windows names as descendants of a program, with its first one if it is alive. Parents that have ended count. */
export async function windowsTree(program: {
  readonly pid: number
  /** Just after it was started, in milliseconds since 1970. */
  readonly since?: number
}): Promise<readonly number[]> {
  return treeIn(parseProcesses((await byPowerShell()) || (await byWmic())), program)
}

/** By how much the clock of Node may differ from the times in the table of processes. */
const slackMs = 1_000

/**
 * Windows uses the ids of processes that have ended again. So one that is older than its parent is the child of an earlier process, and one with the
 * id of the program that was created later is another program. This process is never among them.
 */
export function treeIn(
  processes: readonly WindowsProcess[],
  { pid, since }: { readonly pid: number; readonly since?: number },
): readonly number[] {
  const createdAt = new Map(processes.map((one) => [one.pid, one.createdAt]))
  const latest = since === undefined ? Number.POSITIVE_INFINITY : since + slackMs
  const first = createdAt.get(pid) ?? null
  const isOther = first !== null && first > latest
  const isAlive = createdAt.has(pid) && !isOther
  const isOurs = ({ parent, createdAt: at }: WindowsProcess): boolean => {
    if (at === null) return true
    if (parent === pid && isOther && at >= first) return false
    const parentAt = parent === pid && !isAlive ? (since ?? 0) - slackMs : (createdAt.get(parent) ?? null)
    return parentAt === null || at >= parentAt
  }
  const tree = [...(isAlive ? [pid] : []), ...descendantsIn(processes.filter(isOurs), [pid])]
  return tree.filter((one) => one !== process.pid)
}

/**
 * Lines with the time of creation, the id of the parent and that of the process; the time may be missing. It is in milliseconds since 1970, or in the form of
 * WMI, `20261129180000.123456+060`, with the offset in minutes.
 */
export function parseProcesses(text: string): readonly WindowsProcess[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:(\d+(?:\.\d+[+-]\d+)?)\s+)?(\d+)\s+(\d+)\s*$/.exec(line)
    if (!match) return []
    const [, created, parent, pid] = match
    return [{ createdAt: timeOf(created), parent: Number(parent), pid: Number(pid) }]
  })
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d*([+-]\d+)$/.exec(text)
  if (!match) return Number(text) || null
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0, offset = 0] = match
    .slice(1)
    .map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset * 60_000
}

/** Processes of the system itself have no time. */
const query =
  'Get-CimInstance Win32_Process | ForEach-Object { $at = 0; if ($_.CreationDate) { $at = ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds() }; "$at $($_.ParentProcessId) $($_.ProcessId)" }'

function byPowerShell(): Promise<string> {
  return runQuietly(systemProgram('WindowsPowerShell\\v1.0\\powershell'), [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    query,
  ])
}

/** Newer versions of Windows 11 lack it. Wine has it, and lacks PowerShell and the times. */
async function byWmic(): Promise<string> {
  const program = findProgram('wbem\\wmic')
  if (program === null) return ''
  for (const columns of ['CreationDate,ParentProcessId,ProcessId', 'ParentProcessId,ProcessId']) {
    const text = await runQuietly(program, ['process', 'get', columns])
    // It writes UTF-16 into a pipe, and sorts its columns by name.
    const plain = text.replaceAll('\0', '').replace('\u00ff\u00fe', '')
    if (parseProcesses(plain).length > 0) return plain
  }
  return ''
}
