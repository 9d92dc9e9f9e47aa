import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  ConformanceCase,
  DoorName,
  KnownFailure,
  SubjectProgram,
  SubjectProgramName,
} from '@lockstep/conformance'
import {
  exitCodes,
  findBackend,
  LaunchError,
  messageOf,
  suggestion,
  visibleText,
} from '@lockstep/core/internal'
import { externalBackends } from '@lockstep/external'
import { failureJson, resultJson } from '../../json/write-json.ts'
import { packageFolder } from '../../package-folder.ts'
import { columns } from '../../render/columns.ts'
import { doneLine } from '../../render/result-lines.ts'
import { version } from '../../version.ts'
import { type CommandLine, flagText, type Output } from '../command.ts'
import type { Suite } from './load-suite.ts'
import { conformanceProgress, renderOffer, renderSummary } from './render-conformance.ts'
import { makeReportFolder, writeReport } from './write-report.ts'

/** What a person starts: it must be this installation's, whatever is on the path. */
const lockstep = fileURLToPath(new URL('bin/lockstep.js', packageFolder))

/** What `lockstep conformance` does. */
export async function runConformance(
  line: CommandLine,
  { output, suite }: { output: Output; suite: Suite },
): Promise<number> {
  const all = selected(suite, (line.commandFlags.get('case') ?? []).map(String))
  const cases = line.commandFlags.has('quick') ? all.filter(({ slow }) => !slow) : all
  const { asJson } = line.report
  if (line.commandFlags.has('list')) {
    output.out(
      asJson
        ? resultJson('conformance', {
            cases: cases.map(({ id, level, requirement }) => ({ id, level, requirement })),
          })
        : `${columns(cases.map(({ id, level, requirement }) => [id, `${level}: ${requirement}`]))}\n`,
    )
    return 0
  }
  const saysWhat =
    line.positionals.length > 0 || [...line.commandFlags.keys()].some((name) => name !== 'json')
  if (!saysWhat) {
    output.out(
      asJson
        ? resultJson('conformance', { cases: [] })
        : renderOffer({ cases: cases.length, doors: suite.doorNames }),
    )
    return 0
  }
  const doors = line.commandFlags.get('door')?.map((text) => doorNamed(suite, String(text)))
  const name = line.positionals[0] ?? 'single'
  const directory = process.cwd()
  const backend = await findBackend(name, { directory, label: 'BACKEND', others: externalBackends })
  const builtIn = name === backend.name
  const folder = flagText(line, 'report')
  if (folder !== undefined) makeReportFolder(resolve(folder))
  const startedAt = new Date()
  const progress = conformanceProgress(output, { asJson })
  const subject = {
    backend,
    backendName: builtIn ? name : resolve(directory, name),
    command: lockstep,
    program: programNamed(suite, flagText(line, 'program')),
    ...(builtIn && { backends: import.meta.resolve('@lockstep/external') }),
  }
  const known = knownFailures(suite, flagText(line, 'known-failures'))
  const results = await endBySignal(
    (signal) =>
      suite.runSuite(subject, {
        ...{ cases, doors, signal },
        knownFailures: known,
        onStart: progress.start,
        onResult: progress.result,
      }),
    { onSignal: () => progress.interrupted() },
  )
  progress.end()
  if (!asJson) output.out(renderSummary(results, suite))
  if (folder !== undefined) {
    const report = suite.composeReport(subject, { startedAt, lockstep: version, results })
    const file = visibleText(writeReport(resolve(folder), { report, suite }))
    if (!asJson) output.out(doneLine(`Wrote ${file}`))
  }
  const verdict = suite.judgeRun(results)
  const { state } = verdict
  const conforms = state === 'conforms' || state === 'part'
  const exitCode = (conforms ? exitCodes.ok : exitCodes.conformance).number
  if (asJson) {
    const result = {
      backend: backend.name,
      conforms,
      verdict,
      results: results.map(({ id, level, door, status, detail, durationMs }) => ({
        id,
        level,
        door,
        status,
        detail,
        durationMs,
      })),
    }
    output.out(
      conforms
        ? resultJson('conformance', result)
        : failureJson('conformance', { faults: [], exitCode }, { result }),
    )
  }
  return exitCode
}

/**
 * A signal ends this process as ever, after what is known by then was written, and all servers of the cases have ended. A second signal ends it at
 * once: the guard of the suite ends the servers then.
 */
async function endBySignal<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { onSignal }: { onSignal: () => void },
): Promise<Result> {
  const interruption = new AbortController()
  const listen = (name: NodeJS.Signals): void => {
    forget()
    onSignal()
    interruption.abort(name)
  }
  const forget = (): void => {
    for (const name of endSignals) process.off(name, listen)
  }
  for (const name of endSignals) process.on(name, listen)
  try {
    return await work(interruption.signal)
  } catch (error) {
    const { aborted, reason } = interruption.signal
    if (aborted) process.kill(process.pid, reason as NodeJS.Signals)
    throw error
  } finally {
    forget()
  }
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function selected(
  { conformanceCases, matchesPattern }: Suite,
  patterns: readonly string[],
): readonly ConformanceCase[] {
  if (patterns.length === 0) return conformanceCases
  const cases = conformanceCases.filter(({ id }) => patterns.some((pattern) => matchesPattern(id, pattern)))
  if (cases.length > 0) return cases
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `No case matches ${patterns.join(', ')}.`,
    hint: '`lockstep conformance --list` shows the ids.',
    source: '--case',
  })
}

function doorNamed({ doorNames }: Suite, text: string): DoorName {
  const door = doorNames.find((name) => name === text)
  if (door) return door
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `--door must be one of ${doorNames.join(', ')}; found "${text}".`,
    hint: suggestion(text, doorNames, 'Leave it out for all of them.'),
    source: '--door',
  })
}

function programNamed(
  { subjectPrograms }: Suite,
  name: string | undefined,
): SubjectProgram | SubjectProgramName | undefined {
  if (name === undefined || name in subjectPrograms) return name as SubjectProgramName | undefined
  try {
    return readProgram(JSON.parse(readFileSync(name, 'utf8')))
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      message: `The program "${name}" can't be read: ${messageOf(cause)}.`,
      hint: 'Name node, python, or a JSON file like { "command": ["ruby", "app.rb", "{port}"], "apps": ["observable"] }.',
      source: '--program',
      cause,
    })
  }
}

function readProgram(given: Partial<SubjectProgram> | null): SubjectProgram {
  const isText = (one: unknown): boolean => typeof one === 'string'
  if (!Array.isArray(given?.command) || given.command.length === 0 || !given.command.every(isText))
    throw new TypeError('its "command" is not a list of words')
  return given as SubjectProgram
}

function knownFailures({ readKnownFailures }: Suite, file: string | undefined): readonly KnownFailure[] {
  if (file === undefined) return []
  try {
    return readKnownFailures(file)
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      message: `The known failures can't be read: ${messageOf(cause)}.`,
      hint: 'Name a JSON file like [{ "id": "tls/alpn/*", "reason": "why it fails" }].',
      source: '--known-failures',
      cause,
    })
  }
}
