import {
  describeValue,
  formatBindAddress,
  type ListenOfApp,
  type OptionName,
  optionNames,
  ownersLookedAt,
  type PreparedLaunch,
} from '@lockstep/core/internal'
import type { JsonFault } from '../../json/json-results.ts'
import { jsonFault } from '../../json/write-json.ts'
import { isOff, withoutEffect } from './effect-of-option.ts'

export interface PlanFacts {
  readonly backend: string | null
  readonly reason: string | null
  readonly configFile: string | null
  /** The environment file that was read, and the names of the variables that the app gets from it. */
  readonly envFile: PreparedLaunch['envFile']
  /** The file that is served, and why; `null`: the app is not a module, or there is no plan. */
  readonly app: { readonly file: string; readonly chosenBy: string | null } | null
  /** Whether the files that decide were judged by their owners and modes. */
  readonly ownersLookedAt: ReturnType<typeof ownersLookedAt>
  /** The names of those that are set. */
  readonly hooks: readonly string[]
  readonly options: readonly OptionFacts[]
  readonly faults: readonly JsonFault[]
}

export interface OptionFacts {
  readonly name: OptionName
  /** Durations are in milliseconds, sizes in bytes. Secrets are hidden, paths are absolute. `null`: unset. */
  readonly value: TypedValue
  /** The same for people. */
  readonly text: string
  readonly source: string
  readonly setBy: string
  /** Whether the backend can honour it; `null`: no backend could be chosen to answer. */
  readonly honoured: boolean | null
  readonly verdict: Verdict
  /** How it is honoured, or why not. */
  readonly how: string
}

export type Verdict =
  | 'honoured'
  | 'refused'
  /** Nothing is set, so there is nothing to honour. */
  | 'unset'
  /** The default switches the feature off, so there is nothing to honour. */
  | 'off'
  /** A stronger option makes it void. */
  | 'overridden'
  /** It does nothing in this plan, or the backend can't honour it, but the user did not set it: it is a default. */
  | 'without effect'
  | 'no answer'

/** A value as JSON has it. What JSON can't hold, such as a function or a certificate in memory, is named. */
export type TypedValue = string | number | boolean | null | readonly (string | number | boolean)[]

function typedValue(name: OptionName, value: unknown): TypedValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (!Array.isArray(value)) return describeValue(name, value)
  return value.map((one: unknown) =>
    typeof one === 'number' || typeof one === 'boolean' ? one : describeValue(name, [one]),
  )
}

/** `listen`: where the app listens by itself. */
export function planFacts(prepared: PreparedLaunch, listen: ListenOfApp | null = null): PlanFacts {
  const { choice, faults, configFile, envFile, hooks, plan } = prepared
  return {
    backend: choice?.backend.name ?? null,
    reason: choice?.reason ?? null,
    configFile,
    envFile,
    app: plan?.app.kind === 'module' ? { file: plan.app.file, chosenBy: plan.app.chosenBy } : null,
    ownersLookedAt: ownersLookedAt(),
    hooks: Object.keys(hooks),
    options: optionNames.map((name) => ({
      ...optionFacts(name, prepared),
      ...setByApp(name, { prepared, listen }),
    })),
    faults: faults.map(jsonFault),
  }
}

/** What an app that listens by itself sets instead of the default. */
function setByApp(
  name: OptionName,
  { prepared, listen }: { prepared: PreparedLaunch; listen: ListenOfApp | null },
): Partial<OptionFacts> {
  const [address] = listen?.addresses ?? []
  if (!listen?.source || !address || prepared.options[name].source.kind !== 'default') return {}
  const value =
    address.kind !== 'tcp'
      ? name === 'bind' && formatBindAddress(address)
      : name === 'host'
        ? describeValue(name, address.host)
        : name === 'port' && describeValue(name, address.port)
  if (value === false) return {}
  const how = prepared.answers?.[name]
  return {
    value: name === 'port' && address.kind === 'tcp' ? address.port : value,
    text: value,
    source: listen.source,
    setBy: 'app',
    verdict: 'honoured',
    how: how?.honoured ? how.how : 'bound',
  }
}

function optionFacts(name: OptionName, { options, answers, overridden }: PreparedLaunch): OptionFacts {
  const { value, source } = options[name]
  const answer = answers?.[name]
  const by = overridden.get(name)
  const facts = {
    name,
    value: typedValue(name, value),
    text: describeValue(name, value),
    source: source.label,
    setBy: source.kind,
    honoured: answer?.honoured ?? null,
  }
  if (!answer) return { ...facts, verdict: 'no answer', how: '' }
  if (by !== undefined) return { ...facts, verdict: 'overridden', how: `by ${by}` }
  if (value === null) return { ...facts, verdict: 'unset', how: '' }
  if (answer.honoured) {
    const reason = withoutEffect(name, options)
    if (reason !== null) return { ...facts, verdict: 'without effect', how: reason }
    if (isOff(name, options)) return { ...facts, verdict: 'off', how: '' }
    return { ...facts, verdict: 'honoured', how: answer.how }
  }
  return {
    ...facts,
    verdict: source.kind === 'default' ? 'without effect' : 'refused',
    how: `${answer.reason}. ${answer.cure}`,
  }
}
