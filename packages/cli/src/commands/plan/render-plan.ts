import {
  describeValue,
  formatBindAddress,
  type ListenOfApp,
  type OptionName,
  optionGroups,
  optionNames,
  optionRow,
  ownersLookedAt,
  type PreparedLaunch,
  visibleFacts,
} from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { style } from '../../render/style.ts'

export interface PlanFacts {
  readonly backend: string | null
  readonly reason: string | null
  readonly configFile: string | null
  /** The file that is served, and why; `null`: the app is not a module, or there is no plan. */
  readonly app: { readonly file: string; readonly chosenBy: string | null } | null
  /** Whether the files that decide were judged by their owners and modes. */
  readonly ownersLookedAt: ReturnType<typeof ownersLookedAt>
  /** The names of those that are set. */
  readonly hooks: readonly string[]
  readonly options: readonly OptionFacts[]
  readonly faults: readonly {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly source: string | null
  }[]
}

interface OptionFacts {
  readonly name: OptionName
  /** For people: secrets are hidden, paths are absolute. */
  readonly value: string
  readonly source: string
  readonly setBy: string
  /** `null`: no backend could be chosen to answer. */
  readonly honoured: boolean | null
  readonly verdict: Verdict
  /** How it is honoured, or why not. */
  readonly how: string
}

type Verdict =
  | 'honoured'
  | 'refused'
  /** Nothing is set, so there is nothing to honour. */
  | 'unset'
  /** A stronger option makes it void. */
  | 'overridden'
  /** The backend can't honour it, but the user did not set it: it is a default. */
  | 'without effect'
  | 'no answer'

/** `listen`: where the app listens by itself. */
export function planFacts(prepared: PreparedLaunch, listen: ListenOfApp | null = null): PlanFacts {
  const { choice, faults, configFile, hooks, plan } = prepared
  return {
    backend: choice?.backend.name ?? null,
    reason: choice?.reason ?? null,
    configFile,
    app: plan?.app.kind === 'module' ? { file: plan.app.file, chosenBy: plan.app.chosenBy } : null,
    ownersLookedAt: ownersLookedAt(),
    hooks: Object.keys(hooks),
    options: optionNames.map((name) => ({
      ...optionFacts(name, prepared),
      ...setByApp(name, { prepared, listen }),
    })),
    faults: faults.map(({ code, message, hint, source = null }) => ({ code, message, hint, source })),
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
    value,
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
    value: describeValue(name, value),
    source: source.label,
    setBy: source.kind,
    honoured: answer?.honoured ?? null,
  }
  if (!answer) return { ...facts, verdict: 'no answer', how: '' }
  if (by !== undefined) return { ...facts, verdict: 'overridden', how: `by ${by}` }
  if (value === null) return { ...facts, verdict: 'unset', how: '' }
  if (answer.honoured) return { ...facts, verdict: 'honoured', how: answer.how }
  return {
    ...facts,
    verdict: source.kind === 'default' ? 'without effect' : 'refused',
    how: `${answer.reason}. ${answer.cure}`,
  }
}

export function renderPlan(facts: PlanFacts): string {
  const { app, backend, reason, configFile, hooks, options, ownersLookedAt: looked } = visibleFacts(facts)
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const rows = options.filter(({ name }) => optionRow(name).group === group)
    return `${style('bold', title)}\n${columns(rows.map((row): [string, string] => [`${marks[row.verdict]} ${row.name} = ${row.value}`, explain(row)]))}`
  })
  const head =
    backend === null ? 'No backend could be chosen.' : `Backend: ${style('bold', backend)} (${reason})`
  const served =
    app === null ? '' : `App: ${app.file}${app.chosenBy === null ? '' : ` (by ${app.chosenBy})`}\n`
  return `${head}\n${served}Configuration file: ${configFile ?? 'none'}\nFile owners and modes: ${ownerWords[looked]}\n${hooks.length === 0 ? '' : `Hooks: ${hooks.join(', ')}\n`}\n${groups.join('\n\n')}\n`
}

const ownerWords: Readonly<Record<PlanFacts['ownersLookedAt'], string>> = {
  yes: 'checked, because root would act on these files (docs/security.md)',
  'not root': 'checked only for files with secrets, because this user is not root (docs/security.md)',
  'no owners': 'not checked, because Windows uses access control lists instead (docs/security.md)',
}

const marks: Readonly<Record<Verdict, string>> = {
  honoured: style('green', '✓'),
  refused: style('red', '✗'),
  unset: ' ',
  overridden: style('yellow', '–'),
  'without effect': style('dim', '–'),
  'no answer': '?',
}

function explain({ verdict, how, source }: OptionFacts): string {
  if (verdict === 'unset') return ''
  return [source, how === '' ? verdict : `${verdict}${verdict === 'overridden' ? '' : ':'} ${how}`].join('; ')
}
