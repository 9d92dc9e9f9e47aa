import { type SettableByApp, settableByApp } from '../app/contract/server-settings.ts'
import { type Fault, LaunchError } from '../errors/launch-error.ts'
import { type OptionName, optionNames } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { nodeWarnings } from '../options/sources/environment/node-settings.ts'
import type { Environment } from '../options/sources/environment/read-environment.ts'
import { secretVariableNames } from '../options/sources/environment/secret-variables.ts'
import type { InheritedSocket } from '../options/sources/environment/service-variables.ts'
import { refusals, type SupportAnswers, supportAnswers } from '../plan/check-support.ts'
import { chooseBalance } from '../plan/choose-balance.ts'
import { deepFreeze } from '../plan/deep-freeze.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { planAccounts } from '../plan/plan-accounts.ts'
import { addressSource, overriddenOptions, planAddresses } from '../plan/plan-addresses.ts'
import { planHttps } from '../plan/plan-https.ts'
import { planRecycling } from '../plan/plan-recycling.ts'
import { workerCount } from '../plan/worker-count.ts'
import { tryAddresses } from '../platform/net/address/try-addresses.ts'
import { canHoldAddresses } from '../platform/net/hold-address.ts'
import { isWorkerThread } from '../platform/node/is-worker-thread.ts'
import { canReadMemory } from '../platform/system/can-read-memory.ts'
import { isTerminal } from '../platform/system/is-terminal.ts'
import { planTls, type TlsPlan } from '../tls/plan-tls.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { trustFaults } from '../trust/trust-faults.ts'
import type { DecidingPath } from '../trust/untrusted-fault.ts'
import type { BackendChoice, ChooseBackend } from './backend-choice.ts'
import { fileFaults } from './faults/file-faults.ts'
import { folderFaults } from './faults/folder-faults.ts'
import { healthFaults } from './faults/health-faults.ts'
import { keylogFaults, keylogWarnings } from './faults/keylog-faults.ts'
import { redirectFaults } from './faults/redirect-faults.ts'
import { replacementFaults } from './faults/replacement-faults.ts'
import { secretFileFaults } from './faults/secret-file-faults.ts'
import { timeoutFaults } from './faults/timeout-faults.ts'
import { findApp } from './find-app.ts'

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
}

/**
 * Reads and checks everything that a launch needs, tries the addresses, chooses the backend and asks it. Nothing stays bound,
 * and every fault is found in one go. Options in `broken` had no valid value, so that nothing is reported that follows from
 * the defaults in their place.
 */
export async function preflight(
  options: ResolvedOptions,
  {
    chooseBackend,
    broken,
    deciding,
    variables,
    now,
    sockets,
    tryToBind = true,
    isRunning = false,
    served = null,
  }: {
    chooseBackend: ChooseBackend
    broken: ReadonlySet<OptionName>
    /** The files that set options. */
    deciding: readonly DecidingPath[]
    /** Of the environment file. */
    variables: Environment
    now: Date
    /** What a service manager hands over. */
    sockets: readonly InheritedSocket[]
    tryToBind?: boolean
    /** The server runs already, perhaps as another user: what that user may write or become does not matter any more. */
    isRunning?: boolean
    /** What it serves then. */
    served?: PlannedTls | null
  },
): Promise<PreflightResult> {
  const intact = (...names: readonly OptionName[]): boolean => !names.some((name) => broken.has(name))
  const { app, faults: appFaults } = findApp(options)
  const accounts = await planAccounts(options)
  const untrusted = trustFaults(options, { app, runAs: accounts.runAs, deciding, variables, isRunning })
  if (untrusted.length > 0) return { ...nothingPlanned, faults: untrusted }
  const surroundings = { sockets, access: accounts.access }
  const [tls, { addresses, faults: addressFaults }, { choice, faults: choiceFaults }] = await Promise.all([
    planTls(options, { now, served }),
    planAddresses(options, surroundings),
    chooseOrFault(options, chooseBackend),
  ])
  const answers =
    choice &&
    supportAnswers(options, choice.backend.support, {
      platform: process.platform,
      get isWorkerThread() {
        return isWorkerThread()
      },
      get canReadMemory() {
        return canReadMemory()
      },
    })
  const refused = choice && answers ? refusals({ options, answers, backend: choice.backend.name }) : []
  const secretFiles = secretFileFaults(options, accounts)
  const redirectProblems = await redirectFaults(options, { addresses, surroundings })
  const redirectable =
    tryToBind &&
    intact('tls.redirect') &&
    redirectProblems.length === 0 &&
    accounts.faults.length === 0 &&
    !refused.some(({ option }) => option === 'tls.redirect')
  const bindable =
    tryToBind &&
    intact('bind', 'host', 'port') &&
    addressFaults.length === 0 &&
    accounts.faults.length === 0 &&
    !refused.some(({ option }) => option === 'bind')
  const atTheStart = [
    ...(intact('user', 'group', 'socket.mode', 'socket.owner', 'socket.group', 'bind')
      ? accounts.faults
      : []),
    ...(intact('chdir') ? folderFaults(options) : []),
    ...fileFaults(options),
  ]
  const faults = [
    ...(intact('backend', 'workers') ? choiceFaults : []),
    ...(intact('app') ? appFaults : []),
    ...(intact(...optionNames.filter((name) => name.startsWith('tls.')))
      ? [...tls.faults, ...secretFiles.faults]
      : []),
    ...(intact('bind', 'host', 'port') ? addressFaults : []),
    ...(intact('tls.redirect', 'tls.redirectPort') ? redirectProblems : []),
    ...(intact('timeouts.headers', 'timeouts.request') ? timeoutFaults(options) : []),
    ...(intact('reload.maxSurge', 'reload.maxUnavailable') ? replacementFaults(options) : []),
    ...(intact('health.ready', 'health.live') ? healthFaults(options) : []),
    ...refused.map(({ fault }) => fault),
    ...(isRunning ? [] : atTheStart),
    ...keylogFaults(options, { servedBy: accounts.runAs?.uid ?? null }),
    ...(bindable ? await tryAddresses(addresses) : [])
      .flatMap((error) => error.faults)
      .map((fault) => ({ ...fault, source: addressSource(options, fault.code) })),
    ...(redirectable ? await tryAddresses(planHttps(options, surroundings).redirect) : [])
      .flatMap((error) => error.faults)
      .map((fault) => ({ ...fault, source: options['tls.redirect'].source.label })),
  ]
  const plan =
    app && faults.length === 0 && broken.size === 0
      ? deepFreeze(
          compose(options, {
            app,
            addresses,
            tls: tls.tls,
            runAs: accounts.runAs,
            https: planHttps(options, surroundings),
          }),
        )
      : null
  return {
    plan,
    faults,
    warnings: [...nodeWarnings(), ...secretFiles.warnings, ...tls.warnings, ...keylogWarnings(options)],
    expiring: tls.expiring,
    renewAt: tls.renewAt,
    choice,
    answers,
    overridden: overriddenOptions(options),
  }
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
}

async function chooseOrFault(
  options: ResolvedOptions,
  chooseBackend: ChooseBackend,
): Promise<{ choice: BackendChoice | null; faults: readonly Fault[] }> {
  try {
    return { choice: await chooseBackend(options), faults: [] }
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { choice: null, faults: error.faults }
  }
}

function compose(
  options: ResolvedOptions,
  { app, addresses, tls, runAs, https }: Pick<LaunchPlan, 'app' | 'addresses' | 'tls' | 'runAs' | 'https'>,
): LaunchPlan {
  const accessLogFile = options['accessLog.file'].value
  const format = options['log.format'].value
  return {
    name: options.name.value,
    app,
    args: options.args.value,
    secretVariables: secretVariableNames,
    userSet: (Object.keys(settableByApp) as SettableByApp[]).filter(
      (name) => options[name].source.kind !== 'default',
    ),
    addresses,
    tls,
    https,
    backlog: options.backlog.value,
    workers: workerCount(options.workers.value),
    reload: {
      maxSurge: options['reload.maxSurge'].value,
      maxUnavailable: options['reload.maxUnavailable'].value,
    },
    recycling: planRecycling(options),
    balance: chooseBalance(options.balance.value, {
      platform: process.platform,
      canHold: canHoldAddresses(),
    }),
    runAs,
    chdir: options.chdir.value,
    umask: options.umask.value,
    timeouts: {
      bootMs: options['timeouts.boot'].value,
      hangMs: options['timeouts.hang'].value,
      gracefulMs: options['timeouts.graceful'].value,
      drainDelayMs: options['timeouts.drainDelay'].value,
      keepAliveMs: options['timeouts.keepAlive'].value,
      headersMs: options['timeouts.headers'].value,
      requestMs: options['timeouts.request'].value,
      sendMs: options['timeouts.send'].value,
    },
    limits: {
      connections: options['limits.connections'].value,
      concurrency: options['limits.concurrency'].value,
      headerBytes: options['limits.headerBytes'].value,
      headerCount: options['limits.headerCount'].value,
    },
    health: { readyPath: options['health.ready'].value, livePath: options['health.live'].value },
    log: {
      level: options['log.level'].value,
      format: format === 'auto' ? (isTerminal('stderr') ? 'pretty' : 'json') : format,
    },
    accessLog:
      accessLogFile === null ? null : { file: accessLogFile, format: options['accessLog.format'].value },
    waitReady: options.waitReady.value,
    shutdownWithMessage: options.shutdownWithMessage.value,
    pidFile: options.pidFile.value,
    verify: options.verify.value,
    control: options.control.value,
  }
}
