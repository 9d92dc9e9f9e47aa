import {
  type Fault,
  isCatalogCode,
  type LaunchError,
  pageOfErrors,
  visibleJson,
} from '@lockstep/core/internal'
import type { JsonFault, JsonResult } from './json-results.ts'
import { type JsonCommand, jsonVersions } from './json-versions.ts'

/** A result that a command writes with `--json`. `isLine`: on one line, for a command that writes several. */
export function resultJson<Name extends JsonCommand>(
  name: Name,
  result: JsonResult<Name>,
  { isLine = false }: { isLine?: boolean } = {},
): string {
  return json({ schema: jsonVersions[name], ok: true, ...result }, isLine)
}

/** Why a command failed, with its result if there is one. `name`: unset if it is not known which command was meant. */
export function failureJson<Name extends JsonCommand>(
  name: Name | undefined,
  { faults, exitCode }: Pick<LaunchError, 'faults' | 'exitCode'>,
  { isLine = false, result }: { isLine?: boolean; result?: JsonResult<Name> } = {},
): string {
  const schema = name === undefined ? 1 : jsonVersions[name]
  return json({ schema, ok: false, ...result, faults: faults.map(jsonFault), exitCode }, isLine)
}

/** One thing that is wrong, for programs. */
export function jsonFault({ code, message, hint, source }: Fault): JsonFault {
  return {
    code,
    message,
    hint,
    source: source ?? null,
    docs: isCatalogCode(code) ? pageOfErrors(code) : null,
  }
}

/** Faults as lines of a log that is written as JSON (`log.format`). */
export function faultLogLines({ faults, exitCode }: Pick<LaunchError, 'faults' | 'exitCode'>): string {
  const timestamp = new Date().toISOString()
  return faults
    .map(jsonFault)
    .map(({ message, ...fault }) =>
      json({ level: 'error', message, type: 'fault', ...fault, exitCode, timestamp }, true),
    )
    .join('')
}

function json(value: unknown, isLine: boolean): string {
  return `${isLine ? visibleJson(value) : visibleJson(value, 2)}\n`
}
