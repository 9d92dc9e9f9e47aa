import { hideKeyText } from '../errors/hide-key-text.ts'
import type { Fault } from '../errors/launch-error.ts'
import { isPemPath, looksLikeKeyText } from '../options/kinds/tls/pem-path.ts'
import { type OptionName, optionNames, optionRow } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isBytes } from '../platform/node/is-bytes.ts'
import { util } from '../platform/node/node-util.ts'
import { type BackendSupport, refused, type SupportAnswer, type SupportContext } from './option-support.ts'

export type SupportAnswers = Readonly<Record<OptionName, SupportAnswer>>

/** For an option that is newer than the backend, or that its author forgot. */
const unanswered = refused(
  'its support table has no answer for this option',
  'Leave it out, or use another backend. The author of this one may add an answer.',
)

/** What a backend says to each resolved value. */
export function supportAnswers(
  options: ResolvedOptions,
  support: BackendSupport,
  context: SupportContext,
): SupportAnswers {
  const answer = (name: OptionName): SupportAnswer => {
    const given = support[name] as
      | SupportAnswer
      | ((value: unknown, context: SupportContext) => SupportAnswer | undefined)
      | undefined
    return (typeof given === 'function' ? given(options[name].value, context) : given) ?? unanswered
  }
  return Object.fromEntries(optionNames.map((name) => [name, answer(name)])) as SupportAnswers
}

/**
 * Promise 1: an option that is set is honoured, or the launch is refused. A default is not set by the user, so a backend may
 * leave them without effect.
 */
export function refusals({
  options,
  answers,
  backend,
}: {
  options: ResolvedOptions
  answers: SupportAnswers
  backend: string
}): { readonly option: OptionName; readonly fault: Fault }[] {
  return optionNames.flatMap((name) => {
    const answer = answers[name]
    const { value, source } = options[name]
    if (answer.honoured || source.kind === 'default') return []
    const fault: Fault = {
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      message: `The backend ${backend} cannot honour ${name} = ${describeValue(name, value)} (${source.label}): ${answer.reason}.`,
      hint: answer.cure,
      source: source.label,
    }
    return [{ option: name, fault }]
  })
}

/** An option's value for people: secrets are hidden, functions and long texts are named, not shown. */
export function describeValue(name: OptionName, value: unknown): string {
  const { kind } = optionRow(name)
  if (value === null) return 'unset'
  if (kind.format) return kind.format(value)
  // PEM text may have come on one line, its line breaks escaped: a key is not shown then either.
  if (typeof value === 'string' && !value.includes('\n') && isPemPath(value)) {
    const { isSecret, flags } = optionRow(name)
    if (isSecret && flags.length === 0) return '(hidden)'
    return isSecret && looksLikeKeyText(value) ? '(given in memory)' : hideKeyText(value)
  }
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  if (typeof value === 'string' || isBytes(value)) return '(given in memory)'
  if (typeof value !== 'object') return util.inspect(value)
  return 'name' in value && typeof value.name === 'string' ? value.name : 'an object'
}
