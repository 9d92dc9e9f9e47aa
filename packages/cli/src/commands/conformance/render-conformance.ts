import type { CaseResult, CaseStatus } from '@lockstep/conformance'
import { isTerminal, visibleLines } from '@lockstep/core/internal'
import { columns, paragraph } from '../../render/columns.ts'
import { style, styleError } from '../../render/style.ts'
import type { Output } from '../command.ts'
import type { Suite } from './load-suite.ts'

const marks = (): Readonly<Record<CaseStatus, string>> => ({
  pass: style('green', '✓'),
  fail: style('red', '✗'),
  'refused as declared': style('yellow', '–'),
  'not on this platform': style('dim', '·'),
  'not observed': style('yellow', '?'),
  'known failure': style('yellow', '!'),
  'stale known failure': style('red', '!'),
  'harness error': style('red', '!!'),
})

/** Shows how many runs there will be, and each result as it comes. On a terminal the last line counts on standard error, and is overwritten by the next one. */
export function conformanceProgress(
  { out, err }: Output,
  { asJson }: { asJson: boolean },
): {
  start(run: { cases: number; runs: number }): void
  result(result: CaseResult, progress: { done: number; total: number }): void
  /** The user has ended it early. */
  interrupted(): void
  end(): void
} {
  const results: CaseResult[] = []
  let total = 0
  const isLive = isTerminal('stderr')
  const clear = (): void => {
    if (isLive) err('\r\u001B[K')
  }
  return {
    start({ cases, runs }) {
      total = runs
      if (!asJson) out(`${cases} cases, which make ${runs} runs:\n`)
    },
    result(result, { done }) {
      results.push(result)
      clear()
      if (!asJson) out(renderResult(result))
      if (isLive) err(styleError('dim', `${done} of ${total}`))
    },
    interrupted() {
      clear()
      const said = `Interrupted after ${results.length} of ${total} runs`
      if (!asJson) out(`\n${[said, ...countsOf(results)].join(', ')}\n`)
    },
    end: clear,
  }
}

/** One line a case, with the reason below it unless it passed. */
function renderResult({ id, door, status, detail, durationMs }: CaseResult): string {
  const reason = status === 'pass' ? '' : `\n    ${status}: ${visibleLines(detail)}`
  return `${marks()[status]} ${id} ${style('dim', `${door}, ${durationMs} ms`)}${reason}\n`
}

/** What a run of everything would do, for a user who has not said what to run. */
export function renderOffer({ cases, doors }: { cases: number; doors: readonly string[] }): string {
  const runs = columns([
    ['lockstep conformance single', 'every case on a backend'],
    ['lockstep conformance ./backend.js', 'on your own'],
    ['lockstep conformance single --quick', 'without the slow ones'],
    ["lockstep conformance --case 'tls/*'", 'a part, on single'],
    ['lockstep conformance --list', 'the cases, without a run'],
  ])
  return `${paragraph(`The suite has ${cases} cases. It would run each through the doors ${doors.join(', ')}, which takes minutes. Say what to run:`)}${runs}\n`
}

export function renderSummary(
  results: readonly CaseResult[],
  { judgeRun, missingLines, refusedLines, verdictWords }: Suite,
): string {
  const parts = countsOf(results)
  const verdict = judgeRun(results)
  const cases = new Set(results.map(({ id }) => id)).size
  const words = style(tones[verdict.state], verdictWords(verdict))
  const more = [...missingLines(verdict), ...refusedLines(verdict)].map((line) => `${visibleLines(line)}\n`)
  return `\n${cases} cases, ${results.length} runs: ${parts.join(', ')}: ${words}\n${more.join('')}${renderUnseen(results)}`
}

/** `12 pass`, `1 fail` */
function countsOf(results: readonly CaseResult[]): readonly string[] {
  const counts = Map.groupBy(results, ({ status }) => status)
  return [...counts].map(([status, some]) => `${some.length} ${status}`)
}

const tones = {
  conforms: 'green',
  part: 'green',
  'below the minimum': 'red',
  'falls short': 'red',
} as const

/** Clients that are missing: what they would have seen is not known. */
function renderUnseen(results: readonly CaseResult[]): string {
  const reasons = results
    .flatMap(({ observations }) => observations)
    .filter(({ outcome }) => outcome === 'not observed')
    .map(({ reason }) => reason)
  return [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => `${style('yellow', '?')} ${all.length} observations not made: ${reason}\n`)
    .join('')
}
