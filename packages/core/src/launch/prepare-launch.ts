import { stoppedInBoot } from '../app/load-app.ts'
import { type Fault, withoutKeyText } from '../errors/launch-error.ts'
import type { LockstepConfig } from '../options/lockstep-config.ts'
import type { OptionName } from '../options/option-table.ts'
import { type ResolvedOptions, resolveOptions } from '../options/resolve-options.ts'
import type { ConfigFile, ReadingCause } from '../options/sources/config-file/read-config-file.ts'
import { secretVariablesOf } from '../options/sources/environment/secret-variables.ts'
import {
  type GatheredOptions,
  gatherOptions,
  type OptionSources,
  pinSources,
} from '../options/sources/gather-options.ts'
import { inUsersWords, type UsersWords } from '../options/sources/in-users-words.ts'
import type { RawValue } from '../options/sources/raw-options.ts'
import { snapshotOptions } from '../options/sources/snapshot-options.ts'
import type { SupportAnswers } from '../plan/check-support.ts'
import type { LaunchPlan, PlannedIdentity } from '../plan/launch-plan.ts'
import { findIdentity } from '../plan/plan-accounts.ts'
import { rootsTrust } from '../platform/accounts/trust-rule.ts'
import { unlessAborted } from '../platform/system/within.ts'
import type { BackendChoice } from '../preflight/backend-choice.ts'
import { nothingPlanned, preflight } from '../preflight/preflight.ts'
import { digestOfFiles } from '../tls/digest-of-files.ts'
import { filesOfTls } from '../tls/files-of-tls.ts'
import type { TlsPlan } from '../tls/plan-tls.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { changedCommands } from '../trust/changed-commands.ts'
import { chooseBackend } from './choose-backend.ts'
import { type KnownBackends, namesOfKnown } from './known-backends.ts'

/** Everything that is known before anything is started. */
export interface PreparedLaunch extends GatheredOptions, Pick<TlsPlan, 'expiring' | 'renewAt'> {
  /** `null` when there are faults. */
  readonly plan: LaunchPlan | null
  readonly choice: BackendChoice | null
  readonly answers: SupportAnswers | null
  /** Options that a stronger one makes void, with the source of that one. */
  readonly overridden: ReadonlyMap<OptionName, string>
  /** What is allowed and yet unwise; logged when the launch starts. */
  readonly warnings: readonly string[]
  /** Of the options and of the preflight, in the order in which a user would fix them. */
  readonly faults: readonly Fault[]
  /** Of the files with TLS material, taken before they were read: what changes after that is seen. */
  readonly digest: string
  /** How this user writes options, for what goes wrong later. */
  readonly words: UsersWords
  /** The clock by which certificates were judged, and are renewed. */
  readonly now: () => Date
  /**
   * The same again, from the same sources as they are by then. Tries no address, since this launch may hold it. `renewal`: no user has asked, so
   * no code of a configuration file runs. What is `served` and has only grown old is not refused.
   */
  again(cause?: Exclude<ReadingCause, 'start'>, served?: PlannedTls | null): Promise<PreparedLaunch>
}

/**
 * Reads all sources, merges them, and checks everything that can be checked without starting anything. Binds nothing for good
 * and never throws for what a user did: look at `faults`. Rejects with `LOCKSTEP_ERR_STOPPED` once `signal` aborts.
 */
export async function prepareLaunch(
  asked: {
    readonly api?: LockstepConfig
    readonly argv?: readonly RawValue[]
    readonly faults?: readonly Fault[]
  },
  {
    tryToBind = true,
    running = null,
    served = null,
    now = () => new Date(),
    backends = {},
    signal,
    ...current
  }: OptionSources & {
    readonly tryToBind?: boolean
    /** What this launch was prepared with before, if it runs. */
    readonly running?: RunningLaunch | null
    /** What it serves then. */
    readonly served?: PlannedTls | null
    readonly now?: () => Date
    /** Those that can be named beside the built-in ones. */
    readonly backends?: KnownBackends
    /** Gives up the start, also while code of a configuration file or a backend is loaded. */
    readonly signal?: AbortSignal | undefined
  } = {},
): Promise<PreparedLaunch> {
  const sources = pinSources(current)
  // Before anything is awaited: the host may change its object as soon as this function returns.
  const given = { ...asked, ...(asked.api && { api: snapshotOptions(asked.api) }) }
  const gathered = await gatherOptions(given, sources, {
    cause: running?.cause ?? 'start',
    before: running?.config ?? null,
    served: running?.runAs ?? null,
    signal,
    trust: async (values) =>
      rootsTrust(null) === null ? null : rootsTrust(running ? running.runAs : await servedBy(values)),
  })
  if (signal?.aborted) throw stoppedInBoot()
  const words = {
    options: gathered.options,
    asked: given.api === undefined ? 'argv' : 'api',
    brand: sources.brand,
  } as const
  // What root may not obey is not looked at any further: a passphrase command or a backend would run.
  if (gathered.isUntrusted) return refusedLaunch(gathered, { words, now })
  const commands =
    running?.runAs && gathered.config?.isCode ? changedCommands(running.options, gathered.options) : []
  if (commands.length > 0) return refusedLaunch({ ...gathered, faults: commands }, { words, now })
  const digest = await digestOfFiles(filesOfTls(gathered.options))
  const { faults, appVariables, ...rest } = await preflight(gathered.options, {
    knownBackends: namesOfKnown(backends),
    chooseBackend: (options, kind) =>
      unlessAborted(chooseBackend(options, { kind, others: backends }), { signal, reason: stoppedInBoot }),
    broken: gathered.broken,
    deciding: gathered.deciding,
    variables: gathered.variables,
    secretVariables: secretVariablesOf(sources.brand),
    brand: sources.brand,
    now: now(),
    sockets: gathered.service.sockets,
    tryToBind,
    isRunning: running !== null,
    served,
  })
  if (signal?.aborted) throw stoppedInBoot()
  const all = [...gathered.faults, ...withoutConsequences(faults, gathered.faults)]
    .map((fault) => inUsersWords(fault, words))
    .map(withoutKeyText)
  return {
    ...gathered,
    ...rest,
    variables: { ...gathered.variables, ...appVariables },
    warnings: [...gathered.warnings, ...rest.warnings],
    plan: all.length === 0 ? rest.plan : null,
    faults: all,
    digest,
    words,
    now,
    again: (cause = 'reload', current = null) =>
      prepareLaunch(given, {
        ...sources,
        now,
        backends,
        tryToBind: false,
        served: current,
        running: {
          cause,
          config: gathered.config,
          options: gathered.options,
          runAs: running ? running.runAs : (rest.plan?.runAs ?? null),
        },
      }),
  }
}

/** The app may be what an unknown option was to name: then it is not missing as well. */
function withoutConsequences(faults: readonly Fault[], earlier: readonly Fault[]): readonly Fault[] {
  const isUnknown = earlier.some(({ code }) => code === 'LOCKSTEP_ERR_OPTION_UNKNOWN')
  return isUnknown ? faults.filter(({ code }) => code !== 'LOCKSTEP_ERR_APP_MISSING') : faults
}

interface RunningLaunch {
  readonly cause: Exclude<ReadingCause, 'start'>
  readonly config: ConfigFile | null
  readonly options: ResolvedOptions
  readonly runAs: PlannedIdentity | null
}

/** The user that serves, by the sources that are not files: needed before a file is read. */
async function servedBy(values: readonly RawValue[]): Promise<PlannedIdentity | null> {
  const { options } = resolveOptions(values.filter(({ name }) => name === 'user' || name === 'group'))
  return (await findIdentity(options)).identity
}

function refusedLaunch(
  gathered: GatheredOptions,
  { words, now }: Pick<PreparedLaunch, 'words' | 'now'>,
): PreparedLaunch {
  return {
    ...gathered,
    ...nothingPlanned,
    faults: gathered.faults
      .filter(({ code }) => code !== 'LOCKSTEP_ERR_APP_MISSING')
      .map((fault) => inUsersWords(fault, words))
      .map(withoutKeyText),
    digest: '',
    words,
    now,
    again: () => Promise.reject(new TypeError('a launch that was refused does not run')),
  }
}
