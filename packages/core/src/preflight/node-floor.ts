import { LaunchError } from '../errors/launch-error.ts'

/** A release line of Node, and what its oldest safe release is. */
export type NodeFloor =
  | {
      readonly line: number
      readonly release: readonly [minor: number, patch: number]
      /** Of the security release. */
      readonly releasedOn: string
      /** What older releases lack. */
      readonly fixes: readonly string[]
    }
  | { readonly line: number /** Since then it gets no fixes. */; readonly endedOn: string }

/**
 * Below these, a client can crash a server or take its memory. Only flaws of `node:http`, `node:http2` and `node:tls` count that a client can use against a
 * server. Sources: `vuln/core/184.json` and `186.json` of nodejs/security-wg, the July 2026 security releases on nodejs.org, and `schedule.json` of nodejs/Release.
 * The release of 2026-10-21 (22.23.4, 24.22.1, 26.12.1) fixes flaws of clients, DNS and the Brotli decoder.
 */
export const nodeFloors: readonly NodeFloor[] = [
  { line: 22, release: [23, 2], releasedOn: '2026-07-29', fixes: ['CVE-2026-56848', 'CVE-2026-56846'] },
  { line: 23, endedOn: '2025-06-01' },
  { line: 24, release: [18, 1], releasedOn: '2026-07-29', fixes: ['CVE-2026-56848', 'CVE-2026-56846'] },
  { line: 25, endedOn: '2026-06-01' },
  { line: 26, release: [5, 1], releasedOn: '2026-07-29', fixes: ['CVE-2026-56848'] },
]

/** The warning about a version such as `24.17.0`. Nothing, if it is safe, or of a line that is newer than this version of Lockstep. */
export function nodeFloorWarnings(version: string): string[] {
  const [line = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const floor = nodeFloors.find((one) => one.line === line)
  if (!floor) return []
  if ('endedOn' in floor)
    return [
      `Node ${version} gets no security fixes: support of Node ${line} ended on ${floor.endedOn}. Use an even version.`,
    ]
  const [safeMinor, safePatch] = floor.release
  if (minor > safeMinor || (minor === safeMinor && patch >= safePatch)) return []
  return [
    `Node ${version} lacks the security fixes of ${floor.releasedOn}: a client can crash the server or take its memory (${floor.fixes.join(', ')}). Use Node ${line}.${safeMinor}.${safePatch} or newer.`,
  ]
}

/** `engines` in package.json. npm only warns of an older one. */
const oldest = { line: 22, minor: 18 }

/** Rejects a Node that lacks what the launcher is built on, before one of its functions is missing. */
export function refuseOldNode(version: string): void {
  const [line = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (line > oldest.line || (line === oldest.line && minor >= oldest.minor)) return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_NODE_VERSION',
    message: `Lockstep needs Node ${oldest.line}.${oldest.minor} or newer, and this program runs on Node ${version}.`,
    hint: `Start the program with Node ${oldest.line}.${oldest.minor} or newer. \`node --version\` shows which one is found first.`,
  })
}
