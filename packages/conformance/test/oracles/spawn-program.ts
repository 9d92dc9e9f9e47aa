import type { ChildProcess, SpawnOptions } from 'node:child_process'
import spawn from 'cross-spawn'

/** Starts a long-lived program by its name or path; on Windows also a `.cmd` shim, with its arguments quoted right. */
export function spawnProgram(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn(program, [...args], { windowsHide: true, ...options })
}
