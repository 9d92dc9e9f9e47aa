import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type CaseResult,
  type ConformanceCase,
  conformanceCases,
  hasFailed,
  runSuite,
} from '@lockstep/conformance'
import { exitCodes, findBackend, LaunchError } from '@lockstep/core'
import { columns } from '../render/columns.ts'
import { renderResult, renderSummary } from '../render/conformance.ts'
import { version } from '../version.ts'
import { type Command, flagText } from './command.ts'

export const conformanceCommand: Command = {
  name: 'conformance',
  summary: 'Run the conformance suite on a backend: single, cluster, or the path of a module.',
  positionals: ['[BACKEND]'],
  takesOptions: false,
  flags: {
    case: {
      takesValue: true,
      placeholder: '<pattern>',
      summary: 'Only cases whose id matches; * stands for anything. May be given several times.',
    },
    list: { takesValue: false, summary: 'List the cases with what they require.' },
    report: {
      takesValue: true,
      placeholder: '<folder>',
      summary: 'Write the results there, as results.json.',
    },
  },
  async run(line, output) {
    const cases = selected((line.commandFlags.get('case') ?? []).map(String))
    if (line.commandFlags.has('list')) {
      output.out(`${columns(cases.map(({ id, level, requirement }) => [id, `${level}: ${requirement}`]))}\n`)
      return 0
    }
    const name = line.positionals[0] ?? 'single'
    const directory = process.cwd()
    const backend = await findBackend(name, { directory, label: 'BACKEND' })
    const builtIn = name === backend.name
    const startedAt = new Date()
    const results = await runSuite(
      { backend, backendName: builtIn ? name : resolve(directory, name) },
      { cases, onResult: (result) => output.out(renderResult(result)) },
    )
    output.out(renderSummary(results))
    const folder = flagText(line, 'report')
    if (folder !== undefined)
      output.out(`${writeReport(resolve(folder), { backend: backend.name, startedAt, results })}\n`)
    return results.some(hasFailed) ? exitCodes.conformance.number : exitCodes.ok.number
  },
}

function selected(patterns: readonly string[]): readonly ConformanceCase[] {
  if (patterns.length === 0) return conformanceCases
  const cases = conformanceCases.filter(({ id }) => patterns.some((pattern) => matches(id, pattern)))
  if (cases.length > 0) return cases
  throw new LaunchError({
    code: 'ERR_OPTION_INVALID',
    message: `No case matches ${patterns.join(', ')}.`,
    hint: '`lockstep conformance --list` shows the ids.',
    source: '--case',
  })
}

function matches(id: string, pattern: string): boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`).test(id)
}

function writeReport(
  folder: string,
  { backend, startedAt, results }: { backend: string; startedAt: Date; results: readonly CaseResult[] },
): string {
  const file = join(folder, 'results.json')
  const environment = {
    platform: process.platform,
    arch: process.arch,
    node: process.version,
    lockstep: version,
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify({ backend, ...environment, startedAt, results }, null, 2)}\n`)
  return file
}
