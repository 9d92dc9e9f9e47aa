import { spawnSync } from 'node:child_process'
import { findOnPath } from '@lockstep/core/internal'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'

/** Variables of the suite's own process that would say something to a launcher, or to its Node. */
const notInherited =
  /^(LOCKSTEP_|PORT$|HOST$|WEB_CONCURRENCY$|LISTEN_|NOTIFY_SOCKET$|WATCHDOG_|NO_COLOR$|FORCE_COLOR$|NODE_|VITEST)/

/** What a subject's process gets, with a home of its own for what launchers keep for a user. */
export function subjectEnvironment(
  runtime: SubjectRuntime,
  { home, cacheFolder }: { home: string; cacheFolder: string },
): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || notInherited.test(name) ? [] : [[name, value]],
  )
  const own = runtime.path(home)
  const folders =
    runtime.platform === 'win32'
      ? { LOCALAPPDATA: own }
      : {
          XDG_DATA_HOME: own,
          XDG_RUNTIME_DIR: own,
          XDG_CACHE_HOME: runtime.path(cacheFolder),
        }
  return { ...Object.fromEntries(inherited), ...folders }
}

/** Whether a program can be found by its name. */
export function isInstalled(program: string): boolean {
  return findOnPath(program) !== null
}

/** The clients of the suite with their versions; `null` for one that is not installed. */
export function clientVersions(): Record<string, string | null> {
  return {
    node: process.version,
    openssl: firstLine('openssl', 'version'),
    curl: firstLine('curl', '--version'),
  }
}

function firstLine(program: string, argument: string): string | null {
  const path = findOnPath(program)
  if (path === null) return null
  return (spawnSync(path, [argument], { encoding: 'utf8' }).stdout ?? '').split('\n')[0]?.trim() ?? null
}
