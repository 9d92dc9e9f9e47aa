import type { LaunchError, ResolvedOptions } from '@lockstep/core/internal'
import { type JsonCommand, jsonVersions } from '../json/json-versions.ts'
import { failureJson, faultLogLines } from '../json/write-json.ts'
import { renderFaults } from '../render/faults.ts'

/** Where a command writes: results to `out`, everything else to `err`. */
interface Streams {
  out(text: string): void
  err(text: string): void
}

/** Writes what goes wrong in the form that the command line, or the options, ask for. */
export interface Reporter {
  /** `--json` was given: the result is JSON on standard output, whatever it is. */
  readonly asJson: boolean
  /** The options are known now, and say how the log is written. */
  useLogFormat(options: ResolvedOptions): void
  /** The command ends with this. */
  failed(failure: LaunchError): void
  /** The command goes on. */
  noticed(failure: LaunchError): void
}

export function createReporter(
  output: Streams,
  {
    asJson,
    optionsSoFar,
  }: {
    asJson: boolean
    /** For a failure before all options are known; `null` while the line is not read. */
    optionsSoFar: () => ResolvedOptions | null
  },
): ReporterOfLine {
  let logsJson: boolean | undefined
  let command: JsonCommand | undefined
  // `auto` is for the log alone: a person who redirects it still reads an error.
  const isJson = (options: ResolvedOptions | null): boolean => options?.['log.format'].value === 'json'
  const noticed = (failure: LaunchError): void => {
    const asLines = logsJson ?? isJson(optionsSoFar())
    output.err(asLines ? faultLogLines(failure) : renderFaults(failure.faults))
  }
  return {
    asJson,
    useCommand(name) {
      command = Object.hasOwn(jsonVersions, name) ? (name as JsonCommand) : undefined
    },
    useLogFormat(options) {
      logsJson = isJson(options)
    },
    failed(failure) {
      if (asJson) output.out(failureJson(command, failure, { isLine: writesLines.has(command) }))
      else noticed(failure)
    },
    noticed,
  }
}

export interface ReporterOfLine extends Reporter {
  /** The command line names this command. */
  useCommand(name: string): void
}

/** These go on after their first result, so each of their results is one line. */
const writesLines: ReadonlySet<JsonCommand | undefined> = new Set(['run', 'serve', 'exec'])
