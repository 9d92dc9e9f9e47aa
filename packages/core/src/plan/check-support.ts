import { hideKeyText } from '../errors/hide-key-text.ts'
import { type Fault, LaunchError } from '../errors/launch-error.ts'
import { messageOf } from '../errors/thrown.ts'
import { isPemPath, looksLikeKeyText } from '../options/kinds/tls/pem-path.ts'
import { type OptionName, optionNames, optionRow } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isBytes } from '../platform/node/is-bytes.ts'
import { util } from '../platform/node/node-util.ts'
import type { BackendSupport } from './backend-support.ts'
import { isSupportAnswer, refused } from './option-support.ts'
import type { SupportAnswer, SupportContext } from './support-answer.ts'

export type SupportAnswers = Readonly<Record<OptionName, SupportAnswer>>

/** For an option that is newer than the backend, or that its author forgot. */
const unanswered = refused(
  'its support table has no answer for this option',
  'Leave it out, or use another backend. The author of this one may add an answer.',
)

/** What a backend says to each resolved value. Throws `LOCKSTEP_ERR_BACKEND_INVALID` when it throws, or answers with something else. */
export function supportAnswers(
  options: ResolvedOptions,
  { name: backend, support }: { readonly name: string; readonly support: BackendSupport },
  context: SupportContext,
): SupportAnswers {
  const answer = (name: OptionName): SupportAnswer => {
    const given = support[name] as
      | SupportAnswer
      | ((value: unknown, context: SupportContext) => unknown)
      | undefined
    if (typeof given !== 'function') return given ?? unanswered
    const answered = ask(
      () => given(options[name].value, context),
      `support["${name}"] of the backend ${backend}`,
    )
    if (answered === undefined) return unanswered
    if (isSupportAnswer(answered)) return answered
    throw invalidAnswer(`support["${name}"] of the backend ${backend} returned ${util.inspect(answered)}.`)
  }
  return Object.fromEntries(optionNames.map((name) => [name, answer(name)])) as SupportAnswers
}

function ask(action: () => unknown, what: string): unknown {
  try {
    return action()
  } catch (cause) {
    throw invalidAnswer(`${what} has thrown: ${messageOf(cause)}.`, cause)
  }
}

function invalidAnswer(message: string, cause?: unknown): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BACKEND_INVALID',
    message,
    hint: 'It has to return what honoured() or refused() return. See docs/writing-a-backend.md.',
    ...(cause !== undefined && { cause }),
  })
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
