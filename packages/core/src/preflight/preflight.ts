import type { Fault } from '../errors/launch-error.ts'
import type { OptionName } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { SupportAnswers } from '../plan/check-support.ts'
import { composePlan } from '../plan/compose-plan.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { planAccounts } from '../plan/plan-accounts.ts'
import { overriddenOptions } from '../plan/plan-addresses.ts'
import { planHttps } from '../plan/plan-https.ts'
import type { TlsPlan } from '../tls/plan-tls.ts'
import { trustFaults } from '../trust/trust-faults.ts'
import type { BackendChoice } from './backend-choice.ts'
import { collectFaults } from './collect-faults.ts'
import { examine, type Findings } from './examine.ts'
import { keylogWarnings } from './faults/keylog-faults.ts'
import { findApp } from './find-app.ts'
import { nodeFloorWarnings } from './node-floor.ts'
import type { PreflightContext } from './preflight-context.ts'

/** What came of the resolved options: a plan, or everything that is wrong with them. */
export interface PreflightResult extends Pick<TlsPlan, 'expiring' | 'renewAt'> {
  /** `null` when there are faults. */
  readonly plan: LaunchPlan | null
  /** In the order in which a user would fix them. */
  readonly faults: readonly Fault[]
  /** What is allowed and yet unwise. */
  readonly warnings: readonly string[]
  /** `null` when no backend could be chosen. */
  readonly choice: BackendChoice | null
  readonly answers: SupportAnswers | null
  /** Options that a stronger one makes void, with the source of that one. */
  readonly overridden: ReadonlyMap<OptionName, string>
  /** Variables that the start script of the app's folder sets for the app. */
  readonly appVariables: Readonly<Record<string, string>>
}

/**
 * Reads and checks everything that a launch needs, tries the addresses, chooses the backend and asks it. Nothing stays bound,
 * and every fault is found in one go.
 */
export async function preflight(
  options: ResolvedOptions,
  context: PreflightContext,
): Promise<PreflightResult> {
  const app = await findApp(options)
  const accounts = await planAccounts(options)
  const untrusted = trustFaults(options, { ...context, app: app.app, runAs: accounts.runAs })
  if (untrusted.length > 0) return { ...nothingPlanned, faults: untrusted }
  const findings = await examine(options, { app, accounts }, context)
  const faults = await collectFaults(options, findings, context)
  const { tls, backend, answers, secretFiles } = findings
  return {
    plan: faults.length === 0 && context.broken.size === 0 ? planOf(options, findings, context) : null,
    faults,
    warnings: [
      ...nodeFloorWarnings(process.versions.node),
      ...secretFiles.warnings,
      ...tls.warnings,
      ...keylogWarnings(options),
    ],
    expiring: tls.expiring,
    renewAt: tls.renewAt,
    choice: backend.choice,
    answers,
    overridden: overriddenOptions(options),
    appVariables: app.variables ?? {},
  }
}

function planOf(
  options: ResolvedOptions,
  { app: { app }, addresses: { addresses }, tls: { tls }, accounts: { runAs }, surroundings }: Findings,
  { secretVariables }: PreflightContext,
): LaunchPlan | null {
  if (!app) return null
  const https = planHttps(options, surroundings)
  return composePlan(options, { app, addresses, tls, runAs, https, secretVariables })
}

/** Nothing was looked at. */
export const nothingPlanned: PreflightResult = {
  plan: null,
  faults: [],
  warnings: [],
  expiring: [],
  renewAt: null,
  choice: null,
  answers: null,
  overridden: new Map(),
  appVariables: {},
}
