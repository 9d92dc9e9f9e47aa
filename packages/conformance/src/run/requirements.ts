import { existsSync } from 'node:fs'
import type { Requirement } from '../conformance-case.ts'
import { isInstalled } from './environment.ts'

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
