import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Requirement } from '../conformance-case.ts'

/** Why a case can't be observed on this machine, or `null` when it can. */
export function whatIsMissing(needs: readonly Requirement[] = []): string | null {
  return needs.map(reason).find((text) => text !== null) ?? null
}

function reason(need: Requirement): string | null {
  switch (need) {
    case 'proc':
      return existsSync('/proc/self/cmdline') ? null : 'there is no /proc here'
    case 'unix-sockets':
      return process.platform === 'win32' ? 'Node has no UNIX domain sockets on Windows' : null
    case 'curl':
    case 'openssl':
    case 'ss':
      return isInstalled(need) ? null : `${need} is not installed`
  }
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, process.platform === 'win32' ? `${program}.exe` : program)))
}
