import { codeOf } from '../../errors/thrown.ts'

/** Whether a process with this id is there, also one of another user: kill(2) then fails with `EPERM`. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
