import { type Fault, LaunchError } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { refusals, type SupportAnswers, supportAnswers } from '../plan/check-support.ts'
import { planOfOptions } from '../plan/compose-plan.ts'
import type { SupportPlan } from '../plan/launch-plan.ts'
import type { Surroundings } from '../plan/place-addresses.ts'
import type { PlannedAccounts } from '../plan/plan-accounts.ts'
import { planAddresses } from '../plan/plan-addresses.ts'
import { planHttps } from '../plan/plan-https.ts'
import { isWorkerThread } from '../platform/node/is-worker-thread.ts'
import { canReadMemory } from '../platform/system/can-read-memory.ts'
import { planTls, type TlsPlan } from '../tls/plan-tls.ts'
import type { BackendChoice } from './backend-choice.ts'
import { redirectFaults } from './faults/redirect-faults.ts'
import { secretFileFaults } from './faults/secret-file-faults.ts'
import { unfitAppFaults } from './faults/unfit-app-faults.ts'
import type { FoundApp } from './find-command.ts'
import type { PreflightContext } from './preflight-context.ts'

/** What was found out about the options, each part of the plan by itself, with its faults. */
export interface Findings {
  readonly app: FoundApp
  readonly accounts: PlannedAccounts
  readonly surroundings: Surroundings
  readonly tls: TlsPlan
  readonly addresses: Awaited<ReturnType<typeof planAddresses>>
  readonly backend: { readonly choice: BackendChoice | null; readonly faults: readonly Fault[] }
  /** `null` when no backend could be chosen. */
  readonly answers: SupportAnswers | null
  /** The options that the backend can't honour. */
  readonly refused: ReturnType<typeof refusals>
  /** The backend can't run such an app. */
  readonly unfit: readonly Fault[]
  readonly secretFiles: ReturnType<typeof secretFileFaults>
  readonly redirectFaults: readonly Fault[]
}

/** Reads what the options name, and asks the backend that they choose. Binds nothing. */
export async function examine(
  options: ResolvedOptions,
  { app, accounts }: Pick<Findings, 'app' | 'accounts'>,
  { chooseBackend, now, served, sockets, secretVariables, brand }: PreflightContext,
): Promise<Findings> {
  const surroundings = { sockets, access: accounts.access }
  const [tls, addresses, backend] = await Promise.all([
    planTls(options, { now, served, brand }),
    planAddresses(options, surroundings),
    chooseOrFault(() => chooseBackend(options, app.app?.kind ?? null)),
  ])
  /** Most support tables don't ask for it. */
  const plan = (): SupportPlan => ({
    ...planOfOptions(options),
    ...(app.app && { app: app.app }),
    ...(addresses.faults.length === 0 && { addresses: addresses.addresses }),
    ...(tls.faults.length === 0 && { tls: tls.tls }),
    ...(accounts.faults.length === 0 && { runAs: accounts.runAs }),
    https: planHttps(options, surroundings),
    secretVariables,
  })
  return {
    app,
    accounts,
    surroundings,
    tls,
    addresses,
    ...askBackend(options, { backend, plan }),
    unfit: unfitAppFaults(options, { app: app.app, choice: backend.choice }),
    secretFiles: secretFileFaults(options, accounts),
    redirectFaults: await redirectFaults(options, { addresses: addresses.addresses, surroundings }),
  }
}

async function chooseOrFault(choose: () => Promise<BackendChoice>): Promise<Findings['backend']> {
  try {
    return { choice: await choose(), faults: [] }
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { choice: null, faults: error.faults }
  }
}

function askBackend(
  options: ResolvedOptions,
  { backend, plan }: { backend: Findings['backend']; plan: () => SupportPlan },
): Pick<Findings, 'backend' | 'answers' | 'refused'> {
  const { choice } = backend
  if (!choice) return { backend, answers: null, refused: [] }
  let known: SupportPlan | undefined
  try {
    const answers = supportAnswers(options, choice.backend, {
      platform: process.platform,
      get isWorkerThread() {
        return isWorkerThread()
      },
      get canReadMemory() {
        return canReadMemory()
      },
      get plan() {
        known ??= plan()
        return known
      },
    })
    return { backend, answers, refused: refusals({ options, answers, backend: choice.backend.name }) }
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { backend: { choice, faults: error.faults }, answers: null, refused: [] }
  }
}
