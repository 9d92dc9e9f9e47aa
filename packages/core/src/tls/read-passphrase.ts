import { readFileSync } from 'node:fs'
import type { Fault } from '../errors/launch-error.ts'
import type { GivenPassphrase } from '../options/passphrase-kind.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { runShellCommand } from '../platform/run-shell-command.ts'
import { whyUnreadable } from './read-pem.ts'

const names = ['tls.passphrase', 'tls.passphraseFile', 'tls.passphraseCommand'] as const

export interface ReadPassphrase {
  /** `null`: none was given, or it could not be had (then there is a fault). */
  readonly passphrase: string | null
  /** Which option gave it. */
  readonly source: string
  readonly faults: readonly Fault[]
}

/** Gets the passphrase from where it is kept. */
export async function readPassphrase(options: ResolvedOptions): Promise<ReadPassphrase> {
  const given = names.filter((name) => options[name].value !== null)
  const [name] = given
  if (name === undefined) return { passphrase: null, source: '', faults: [] }
  const { value, source } = options[name]
  if (given.length > 1) {
    const labels = given.map((each) => options[each].source.label).join(' and ')
    return {
      passphrase: null,
      source: source.label,
      faults: [
        {
          code: 'ERR_OPTION_CONFLICT',
          message: `${labels} each give a passphrase.`,
          hint: 'Leave all but one out.',
          source: source.label,
        },
      ],
    }
  }
  try {
    const passphrase = await obtain(name, value ?? '')
    if (typeof passphrase !== 'string') throw new Error('the function gave no text')
    if (passphrase === '') throw new Error('it is empty')
    return { passphrase, source: source.label, faults: [] }
  } catch (cause) {
    const where = name === 'tls.passphraseFile' ? `${value} (${source.label})` : source.label
    const message = `The passphrase can not be had from ${where}: ${whyUnreadable(cause)}.`
    return {
      passphrase: null,
      source: source.label,
      faults: [
        {
          code: 'ERR_TLS_PASSPHRASE_UNAVAILABLE',
          message,
          hint: 'Check the file or run the command by hand.',
          source: source.label,
          cause,
        },
      ],
    }
  }
}

async function obtain(name: (typeof names)[number], given: GivenPassphrase): Promise<unknown> {
  // Only the passphrase itself may be a function.
  if (typeof given === 'function') return await given()
  const value = given

  switch (name) {
    case 'tls.passphrase':
      return value
    case 'tls.passphraseFile':
      return readFileSync(value, 'utf8').replace(/\r?\n$/, '')
    case 'tls.passphraseCommand':
      return (await runShellCommand(value, { timeoutMs: 10_000 })).replace(/\r?\n$/, '')
  }
}
