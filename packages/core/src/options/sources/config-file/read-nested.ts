import type { Fault } from '../../../errors/launch-error.ts'
import type { LaunchHooks } from '../../../hooks/launch-hooks.ts'
import { util } from '../../../platform/node/node-util.ts'
import { explainKey } from '../../foreign/explain-foreign.ts'
import { isOptionName, optionNames } from '../../option-table.ts'
import type { RawValue, ValueSource } from '../raw-options.ts'
import { readHooks } from '../read-hooks.ts'
import { suggestion } from '../suggest.ts'

const branches = new Set(optionNames.flatMap((name) => name.split('.').slice(0, -1)))

/**
 * Reads options from a nested object, as `launch()` and configuration files take them. `undefined` is unset; any key that is
 * no option is a fault, at whatever depth.
 */
export function readNested(
  given: unknown,
  {
    kind,
    file,
    path,
    directory,
  }: {
    kind: 'api' | 'config' | 'launcher'
    /** For messages. */
    file?: string
    /** Its absolute path. */
    path?: string
    directory: string
  },
): { values: readonly RawValue[]; faults: readonly Fault[]; hooks: LaunchHooks } {
  const values: RawValue[] = []
  const faults: Fault[] = []
  let hooks: LaunchHooks = {}
  const where = file ?? 'launch()'
  const sourceOf = (name: string): ValueSource => ({
    kind,
    label: `${name} in ${where}`,
    directory,
    ...(path !== undefined && { file: path }),
  })

  const visit = (object: unknown, prefix: string): void => {
    if (!isPlainObject(object)) {
      const what = prefix === '' ? where : `${prefix.slice(0, -1)} in ${where}`
      faults.push({
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        message: `${what} must be an object of options; found ${util.inspect(object, { depth: 0, breakLength: Number.POSITIVE_INFINITY })}.`,
        hint: 'See docs/options.md.',
        source: where,
      })
      return
    }
    for (const [key, raw] of Object.entries(object)) {
      const name = `${prefix}${key}`
      if (raw === undefined || (name === '$schema' && kind === 'config')) continue
      if (name === 'hooks') {
        const read = readHooks(raw, where)
        hooks = read.hooks
        faults.push(...read.faults)
      } else if (isOptionName(name)) values.push({ name, raw, source: sourceOf(name) })
      else if (branches.has(name)) visit(raw, `${name}.`)
      else faults.push(unknownKey(name, { raw, label: sourceOf(name).label }))
    }
  }
  visit(given, '')
  return { values, faults, hooks }
}

/** From other realms too: a test runner's `vm` context has its own `Object.prototype`. */
function isPlainObject(given: unknown): given is Record<string, unknown> {
  return (
    typeof given === 'object' && given !== null && Object.prototype.toString.call(given) === '[object Object]'
  )
}

function unknownKey(name: string, { raw, label }: { raw: unknown; label: string }): Fault {
  const leaf = name.slice(name.lastIndexOf('.') + 1)
  // A name at the wrong depth (`cert` for `tls.cert`) is the commonest slip, and no matter of spelling.
  const elsewhere = optionNames.find(
    (known) => known !== name && (known === leaf || known.endsWith(`.${leaf}`)),
  )
  const foreign = explainKey(name, raw)
  if (foreign)
    return {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      message: `${label} is not an option. ${foreign.there}`,
      hint: elsewhere ? `${foreign.here} If you mean ${elsewhere}, write that.` : foreign.here,
      source: label,
    }
  const docs = 'docs/options.md lists the options.'
  return {
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    message: `${label} is not an option.`,
    hint: elsewhere
      ? `Did you mean ${elsewhere}? ${docs}`
      : suggestion(name, [...optionNames, ...branches], docs),
    source: label,
  }
}
