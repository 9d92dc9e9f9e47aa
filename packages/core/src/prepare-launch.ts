import { type Fault, withoutKeyText } from './errors/launch-error.ts'
import {
  type GatheredOptions,
  gatherOptions,
  type OptionSources,
  pinSources,
} from './options/gather-options.ts'
import type { OptionName } from './options/option-table.ts'
import type { RawOptions, RawValue } from './options/raw-options.ts'
import type { SupportAnswers } from './plan/check-support.ts'
import type { LaunchPlan } from './plan/launch-plan.ts'
import type { BackendChoice } from './preflight/choose-backend.ts'
import { preflight } from './preflight/preflight.ts'
import { digestOfFiles } from './reload/digest-of-files.ts'
import { filesOfTls } from './reload/files-of-tls.ts'
import type { TlsPlan } from './tls/plan-tls.ts'

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
  /** Of the options and of the preflight, in the order in which a user would mend them. */
  readonly faults: readonly Fault[]
  /** Of the files with TLS material, taken before they were read: what changes after that is seen. */
  readonly digest: string
  /** The clock by which certificates were judged, and are renewed. */
  readonly now: () => Date
  /** The same again, from the same sources as they are by then. Tries no address, since this launch may hold it. */
  again(): Promise<PreparedLaunch>
}

/**
 * Reads all sources, merges them, and checks everything that can be checked without starting anything. Binds nothing for good
 * and never throws for what a user did: look at `faults`.
 */
export async function prepareLaunch(
  given: {
    readonly api?: RawOptions
    readonly argv?: readonly RawValue[]
    readonly faults?: readonly Fault[]
  },
  {
    tryToBind = true,
    isRunning = false,
    now = () => new Date(),
    ...current
  }: OptionSources & {
    readonly tryToBind?: boolean
    readonly isRunning?: boolean
    readonly now?: () => Date
  } = {},
): Promise<PreparedLaunch> {
  const sources = pinSources(current)
  const gathered = await gatherOptions(given, sources)
  const digest = await digestOfFiles(filesOfTls(gathered.options))
  const { faults, ...rest } = await preflight(gathered.options, {
    broken: gathered.broken,
    now: now(),
    sockets: gathered.service.sockets,
    tryToBind,
    isRunning,
  })
  const all = [...gathered.faults, ...faults].map(withoutKeyText)
  return {
    ...gathered,
    ...rest,
    warnings: [...gathered.service.warnings, ...rest.warnings],
    plan: all.length === 0 ? rest.plan : null,
    faults: all,
    digest,
    now,
    again: () => prepareLaunch(given, { ...sources, now, tryToBind: false, isRunning: true, anew: true }),
  }
}
