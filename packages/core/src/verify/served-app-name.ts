import type { LaunchPlan, PlannedApp } from '../plan/launch-plan.ts'
import { harmlessRequest } from './probes/harmless-request.ts'
import type { VerificationCheck } from './verification.ts'

/** Which export of which module an app is; `exportName` is `null` for the usual one. */
export interface AppName {
  readonly file: string
  readonly exportName: string | null
}

const field = 'Lockstep-App'

/**
 * The header field that says what is served as the app, in the answer to a probe. It is for the launcher alone, which has the secret of
 * the plan: others get the answer without it.
 */
export function appNameFields(
  bytes: Buffer | undefined,
  { secret, app }: { secret: string | undefined; app: AppName | undefined },
): readonly string[] {
  if (secret === undefined || app === undefined || bytes === undefined) return []
  if (!bytes.equals(harmlessRequest('http/1.1', secret))) return []
  return [`${field}: ${encodeURIComponent(JSON.stringify([app.file, app.exportName]))}`]
}

/**
 * Compares what the answer to a probe says of the app with the plan. Empty when it says nothing, as the servers of programs and of
 * backends that do not use `loadApp()` and `createAppServer()`, and when the probe got no answer.
 */
export function appChecks(head: string, { app }: Pick<LaunchPlan, 'app'>): VerificationCheck[] {
  const text = new RegExp(`^${field}: (.+)$`, 'im').exec(head)?.[1]?.trim()
  if (text === undefined || app.kind !== 'module') return []
  const [file, exportName] = JSON.parse(decodeURIComponent(text)) as [string, string | null]
  const expected = nameOf(app)
  const observed = nameOf({ file, exportName })
  return [{ name: 'app', passed: observed === expected, expected, observed }]
}

function nameOf({
  file,
  exportName,
}: Pick<Extract<PlannedApp, { kind: 'module' }>, 'file' | 'exportName'>): string {
  return exportName === null ? `the default app of ${file}` : `the export "${exportName}" of ${file}`
}
