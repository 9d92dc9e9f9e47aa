import type { Fault } from '../errors/launch-error.ts'
import { type OptionName, optionNames, optionRow } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { describeValue } from '../plan/check-support.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'
import { util } from '../platform/node/node-util.ts'

/** A fault for each option that has another value than at the start and takes effect only there: dropped it must not be. */
export function changedAtStart(before: ResolvedOptions, after: ResolvedOptions): Fault[] {
  return optionNames
    .filter((name) => optionRow(name).takesEffect === 'start')
    .filter((name) => !isSame(before[name].value, after[name].value))
    .map((name) => fault(name, { before, after }))
}

/** The same name may now mean another file: `app.js` where `app.mjs` was. Workers load the one of the start. */
export function changedApp(before: PlannedApp, after: PlannedApp | undefined): Fault[] {
  if (before.kind !== 'module' || after?.kind !== 'module' || util.isDeepStrictEqual(before, after)) return []
  if (before.file === after.file)
    return [
      {
        code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
        message: `What is loaded with the app ${before.file} has changed, by package.json or by the files of import: it takes effect at a start only.`,
        hint: 'Start the server again.',
        source: 'app',
      },
    ]
  return [
    {
      code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
      message: `The app was ${before.file} at the start and is ${after.file} now: its file takes effect at a start only.`,
      hint: 'Start the server again, or keep the name of the file.',
      source: 'app',
    },
  ]
}

function fault(
  name: OptionName,
  { before, after }: { before: ResolvedOptions; after: ResolvedOptions },
): Fault {
  const { value, source } = after[name]
  const [was, is] = [describeValue(name, before[name].value), describeValue(name, value)]
  const set = source.kind === 'default' ? '' : ` (${source.label})`
  return {
    code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
    message: `${name} was ${was} at the start and is ${is} now${set}: it takes effect at a start only.`,
    hint: 'Stop the server and start it again, or put the old value back and reload.',
    source: source.label,
  }
}

/** Apps and backends in memory are what they are until the next start: a configuration file that is read again makes new ones. */
function isSame(before: unknown, after: unknown): boolean {
  if (isInMemory(before) && isInMemory(after)) return true
  return util.isDeepStrictEqual(before, after)
}

function isInMemory(value: unknown): boolean {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
