import {
  describeValue,
  type OptionName,
  optionGroups,
  optionNames,
  optionRow,
  type PreparedLaunch,
} from '@lockstep/core'
import { columns } from './columns.ts'
import { style } from './style.ts'

export interface PlanFacts {
  readonly backend: string | null
  readonly reason: string | null
  readonly configFile: string | null
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
  readonly how: string
}

export function planFacts({ options, choice, answers, faults, configFile }: PreparedLaunch): PlanFacts {
  return {
    backend: choice?.backend.name ?? null,
    reason: choice?.reason ?? null,
    configFile,
    options: optionNames.map((name): OptionFacts => {
      const { value, source } = options[name]
      const answer = answers?.[name]
      return {
        name,
        value: describeValue(name, value),
        source: source.label,
        setBy: source.kind,
        honoured: answer?.honoured ?? null,
        how: answer ? (answer.honoured ? answer.how : `${answer.reason}. ${answer.cure}`) : '',
      }
    }),
    faults: faults.map(({ code, message, hint, source = null }) => ({ code, message, hint, source })),
  }
}

export function renderPlan({ backend, reason, configFile, options }: PlanFacts): string {
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const rows = options.filter(({ name }) => optionRow(name).group === group)
    return `${style('bold', title)}\n${columns(rows.map((row): [string, string] => [`${mark(row)} ${row.name} = ${row.value}`, explain(row)]))}`
  })
  const head =
    backend === null ? 'No backend could be chosen.' : `Backend: ${style('bold', backend)} (${reason})`
  return `${head}\nConfiguration file: ${configFile ?? 'none'}\n\n${groups.join('\n\n')}\n`
}

/** A refusal of a default concerns nobody: it is shown as what it is, without effect. */
function mark({ honoured, setBy }: OptionFacts): string {
  if (honoured === null) return '?'
  if (honoured) return style('green', '✓')
  return setBy === 'default' ? style('dim', '–') : style('red', '✗')
}

function explain({ honoured, how, source, setBy }: OptionFacts): string {
  const verdict = honoured === false ? (setBy === 'default' ? 'without effect' : 'refused') : 'honoured'
  return `${source}; ${honoured === null ? 'nobody answered' : `${verdict}: ${how}`}`
}
