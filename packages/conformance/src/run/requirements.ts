import { existsSync } from 'node:fs'
import type { Requirement } from '../conformance-case.ts'
import type { CaseStatus } from './case-result.ts'
import { isInstalled } from './environment.ts'

export type Lack = {
  readonly status: Extract<CaseStatus, 'not observed' | 'not on this platform'>
  readonly detail: string
}

/** Why a case can't be observed here, or `null` when it can. */
export function whatIsMissing(
  needs: readonly Requirement[] = [],
  { platform }: { platform: NodeJS.Platform },
): Lack | null {
  return needs.map((need) => lack(need, platform)).find((found) => found !== null) ?? null
}

function lack(need: Requirement, platform: NodeJS.Platform): Lack | null {
  const never = (detail: string): Lack => ({ status: 'not on this platform', detail })
  switch (need) {
    case 'proc':
      if (platform !== 'linux') return never(`${platform} has no /proc`)
      return existsSync('/proc/self/cmdline')
        ? null
        : { status: 'not observed', detail: '/proc is not mounted' }
    case 'unix-sockets':
      return platform === 'win32' ? never('Node has no UNIX domain sockets on Windows') : null
    case 'posix-modes':
      return platform === 'win32' ? never('mode bits mean nothing on Windows') : null
    case 'windows':
      return platform === 'win32' ? null : never(`${platform} has what Windows lacks`)
    case 'ss':
      if (platform !== 'linux') return never(`ss reads the sockets of Linux`)
      return installed(need)
    case 'curl':
    case 'openssl':
      return installed(need)
  }
}

function installed(program: string): Lack | null {
  return isInstalled(program) ? null : { status: 'not observed', detail: `${program} is not installed` }
}
