import { descendantsIn } from '../process/descendants.ts'
import { findProgram, systemProgram } from '../system/find-program.ts'
import { runQuietly } from './run-quietly.ts'

/** The processes that Windows names as descendants of one, with that one if it is alive. Parents that have ended count. */
export async function windowsTree(pid: number): Promise<readonly number[]> {
  const processes = parseProcessIds((await byPowerShell()) || (await byWmic()))
  const alive = processes.filter((one) => one.pid === pid).map((one) => one.pid)
  return [...alive, ...descendantsIn(processes, [pid])]
}

/** Lines with the process id and that of its parent. */
export function parseProcessIds(text: string): readonly { pid: number; parent: number }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s*$/.exec(line)
    // wmic sorts its columns by name: the parent is first.
    return match ? [{ parent: Number(match[1]), pid: Number(match[2]) }] : []
  })
}

const query = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ParentProcessId) $($_.ProcessId)" }'

function byPowerShell(): Promise<string> {
  return runQuietly(systemProgram('WindowsPowerShell\\v1.0\\powershell'), [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    query,
  ])
}

/** Newer versions of Windows 11 lack it. Wine has it, and lacks PowerShell. */
async function byWmic(): Promise<string> {
  const program = findProgram('wbem\\wmic')
  if (program === null) return ''
  const text = await runQuietly(program, ['process', 'get', 'ParentProcessId,ProcessId'])
  // It writes UTF-16 into a pipe.
  return text.replaceAll('\0', '').replace('\u00ff\u00fe', '')
}
