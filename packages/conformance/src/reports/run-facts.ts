import type { SuiteReport } from '../run/report.ts'

/** What a run was made on, for example `linux x64, Node v24.21.0`. */
export function ranOn({ platform, arch, runtime }: SuiteReport): string {
  return `${platform} ${arch}, ${runtime}`
}

/** When it began, to the minute and in UTC, which is where its ISO time is too. */
export function ranAt({ startedAt }: SuiteReport): string {
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
}

/** How long it took, in seconds. */
export function ranFor({ durationMs }: SuiteReport): string {
  return `${Math.round(durationMs / 1000)} s`
}

/** The clients that looked, for example `openssl 3.5.1, curl not installed`. Some programs print their name with the version. */
export function ranWith({ clients }: SuiteReport): string {
  return Object.entries(clients)
    .map(([name, version]) => {
      if (version === null) return `${name} not installed`
      return version.toLowerCase().startsWith(name.toLowerCase()) ? version : `${name} ${version}`
    })
    .join(', ')
}
