import { optionGroups, optionRow, textWidth, visibleFacts } from '@lockstep/core/internal'
import { columns, paragraph } from '../../render/columns.ts'
import { style } from '../../render/style.ts'
import { hang } from '../../render/wrap.ts'
import type { OptionFacts, PlanFacts, Verdict } from './plan-facts.ts'

/** The plan for people. Unless `all` is asked for, what does nothing and was not set is counted instead of shown. */
export function renderPlan(facts: PlanFacts, { all }: { all: boolean }): string {
  const visible = visibleFacts(facts)
  const shown = visible.options.filter((option) => all || !isQuiet(option))
  const hidden = visible.options.filter((option) => !shown.includes(option))
  const groups = Object.entries(optionGroups).flatMap(([group, title]) => {
    const options = shown.filter(({ name }) => optionRow(name).group === group)
    return options.length === 0 ? [] : [renderGroup(title, options)]
  })
  const rest = hidden.length === 0 ? [] : [paragraph(countsOf(hidden))]
  return `${renderHead(visible)}\n${[...groups, ...rest].join('\n')}`
}

function renderHead({
  app,
  backend,
  reason,
  configFile,
  envFile,
  hooks,
  ownersLookedAt: looked,
}: PlanFacts): string {
  return [
    backend === null ? 'No backend could be chosen.' : `Backend: ${style('bold', backend)} (${reason})`,
    ...(app === null ? [] : [`App: ${app.file}${app.chosenBy === null ? '' : ` (by ${app.chosenBy})`}`]),
    `Configuration file: ${configFile ?? 'none'}`,
    `Environment file: ${envFile === null ? 'none' : `${envFile.file} (${forApp(envFile.variables.length)})`}`,
    `File owners and modes: ${ownerWords[looked]}`,
    ...(hooks.length === 0 ? [] : [`Hooks: ${hooks.join(', ')}`]),
  ]
    .map((line) => paragraph(line))
    .join('')
}

const forApp = (count: number): string =>
  `the app gets ${count} ${count === 1 ? 'variable' : 'variables'} from it`

const ownerWords: Readonly<Record<PlanFacts['ownersLookedAt'], string>> = {
  yes: 'checked, because root would act on these files (docs/security.md)',
  'not root': 'checked only for files with secrets, because this user is not root (docs/security.md)',
  'no owners': 'not checked, because Windows uses access control lists instead (docs/security.md)',
}

function isQuiet({ verdict, setBy }: OptionFacts): boolean {
  return verdict === 'unset' || (setBy === 'default' && (verdict === 'off' || verdict === 'without effect'))
}

/** How many of each are not shown. */
function countsOf(hidden: readonly OptionFacts[]): string {
  const count = (wanted: Verdict): number => hidden.filter(({ verdict }) => verdict === wanted).length
  const parts = [
    `${count('unset')} more options are unset`,
    ...(count('off') > 0 ? [`${count('off')} are off`] : []),
    ...(count('without effect') > 0 ? [`${count('without effect')} have no effect in this plan`] : []),
  ]
  const list = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('')
  return `${list}; --all shows them.`
}

/** A reason that several options share stands once, below them. */
function renderGroup(title: string, options: readonly OptionFacts[]): string {
  const sharing = (option: OptionFacts): OptionFacts[] =>
    option.how === '' || !isNegative(option)
      ? []
      : options.filter((other) => other.how === option.how && other.verdict === option.verdict)
  const rows = options.map((option): [string, string] => [
    `${mark(option.verdict)} ${option.name} = ${option.text}`,
    explain(option, { isReasonBelow: sharing(option).length > 1 }),
  ])
  const shared = options.filter((option) => sharing(option).length > 1 && sharing(option)[0] === option)
  const notes = shared.map((option) => {
    const names = sharing(option).map(({ name }) => name)
    return `  ${hang(`– ${names.join(', ')}: ${wordOf(option.verdict)}: ${option.how}`, { width: textWidth('stdout'), margin: 4 })}\n`
  })
  return `${style('bold', title)}\n${columns(rows)}\n${notes.join('')}`
}

const isNegative = ({ verdict }: OptionFacts): boolean =>
  verdict === 'refused' || verdict === 'without effect'

function mark(verdict: Verdict): string {
  switch (verdict) {
    case 'honoured':
      return style('green', '✓')
    case 'refused':
      return style('red', '✗')
    case 'overridden':
      return style('yellow', '–')
    case 'without effect':
      return style('dim', '–')
    case 'no answer':
      return '?'
    case 'unset':
    case 'off':
      return ' '
  }
}

const wordOf = (verdict: Verdict): string => (verdict === 'without effect' ? 'no effect' : verdict)

function explain(
  { verdict, how, source }: OptionFacts,
  { isReasonBelow }: { isReasonBelow: boolean },
): string {
  if (verdict === 'unset') return ''
  if (verdict === 'off') return source
  if (how === '' || isReasonBelow) return `${source}; ${wordOf(verdict)}`
  return `${source}; ${wordOf(verdict)}${verdict === 'overridden' ? '' : ':'} ${how}`
}
