import XmlBuilder from 'fast-xml-builder'
import type { CaseResult, CaseStatus } from '../run/case-result.ts'
import type { MatrixCell, SuiteReport } from '../run/report.ts'
import { observationLine } from './observation-line.ts'
import { ranWith } from './run-facts.ts'
import { visibleLine, visibleText } from './visible-text.ts'

/** The matrix as JUnit XML, which build servers read: a suite for each cell, a test case for each case and door. */
export function renderJUnit(cells: readonly MatrixCell[]): string {
  const builder = new XmlBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
  })
  const suites = cells.map(suite)
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': 'Lockstep conformance', ...totals(suites), testsuite: suites },
  })
}

interface Suite {
  readonly '@name': string
  readonly '@tests': number
  readonly '@failures': number
  readonly '@errors': number
  readonly '@skipped': number
  /** In seconds. */
  readonly '@time': number
  readonly [other: string]: unknown
}

function suite(cell: MatrixCell): Suite {
  const { report } = cell
  const cases = report ? report.results.map((result) => testCase(cell, result)) : [missingRun(cell)]
  return {
    '@name': visibleLine(`${cell.backend} on ${cell.platform}`),
    '@tests': cases.length,
    '@failures': cases.filter((one) => 'failure' in one).length,
    '@errors': cases.filter((one) => 'error' in one).length,
    '@skipped': cases.filter((one) => 'skipped' in one).length,
    '@time': (report?.durationMs ?? 0) / 1000,
    ...(report ? { '@timestamp': report.startedAt.slice(0, 19), properties: properties(report) } : {}),
    testcase: cases,
  }
}

function totals(suites: readonly Suite[]): Record<string, number> {
  const names = ['@tests', '@failures', '@errors', '@skipped', '@time'] as const
  const sum = (name: (typeof names)[number]): number => suites.reduce((total, one) => total + one[name], 0)
  // Binary fractions do not add up: three decimals are what the times came with.
  return Object.fromEntries(names.map((name) => [name, Number(sum(name).toFixed(3))]))
}

function properties(report: SuiteReport): object {
  const { platform, runtime, arch, lockstep } = report
  const facts = { platform, arch, runtime, lockstep, clients: ranWith(report) }
  return {
    property: Object.entries(facts).map(([name, value]) => ({ '@name': name, '@value': visibleLine(value) })),
  }
}

function testCase({ backend, platform }: MatrixCell, result: CaseResult): object {
  return {
    '@classname': className([backend, platform, result.door]),
    '@name': visibleLine(result.id),
    '@time': result.durationMs / 1000,
    ...verdict(result),
  }
}

const verdicts = {
  pass: null,
  fail: 'failure',
  'stale known failure': 'failure',
  'harness error': 'error',
  'refused as declared': 'skipped',
  'not on this platform': 'skipped',
  'not observed': 'skipped',
  'known failure': 'skipped',
} as const satisfies Readonly<Record<CaseStatus, 'failure' | 'error' | 'skipped' | null>>

function verdict({ status, detail, observations }: CaseResult): object {
  const kind = verdicts[status]
  if (kind === null) return {}
  const message = visibleLine(detail === '' ? status : `${status}: ${detail}`)
  if (kind === 'skipped') return { skipped: { '@message': message } }
  const body = [detail, ...observations.map(observationLine)].map(visibleText).join('\n')
  return { [kind]: { '@message': message, '@type': status, '#text': body } }
}

/** A run that was not made is skipped; one that was to be made and left no report is an error. */
function missingRun({ backend, platform, state, reason }: MatrixCell): object {
  const message = visibleLine(reason ?? state)
  return {
    '@classname': className([backend, platform]),
    '@name': 'the run of the suite',
    '@time': 0,
    [state === 'not run' ? 'skipped' : 'error']: { '@message': message },
  }
}

/** Dots separate the levels, so a level must not contain one: `single.linux-node-24.launch`. */
function className(parts: readonly string[]): string {
  return parts
    .map((part) =>
      visibleLine(part)
        .replaceAll(/[^\p{L}\p{N}_]+/gu, '-')
        .toLowerCase(),
    )
    .join('.')
}
