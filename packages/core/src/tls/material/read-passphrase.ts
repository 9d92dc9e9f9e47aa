import { readText } from '@lockstep/certs/judge'
import { whyFileFails } from '../../errors/file-error.ts'
import type { Fault } from '../../errors/launch-error.ts'
import type { GivenPassphrase } from '../../options/kinds/tls/passphrase-kind.ts'
import { maybePassphrase } from '../../options/kinds/tls/pem-path.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { ValueSource } from '../../options/sources/raw-options.ts'
import { readAndNote } from '../../platform/files/read-and-note.ts'
import { runShellCommand } from '../../platform/process/run-shell-command.ts'

export interface ReadPassphrase {
  /** `null`: none was given, or it could not be had (then there is a fault). */
  readonly passphrase: string | null
  /** Which option gave it; empty if none did. */
  readonly source: string
  readonly faults: readonly Fault[]
}

/** One way in which a passphrase was given. */
export interface PassphraseSource {
  readonly way: 'text' | 'file' | 'command'
  readonly value: GivenPassphrase
  /** Where it was set, for messages. */
  readonly label: string
}

/** Those of the default host. */
export function defaultPassphraseSources(options: ResolvedOptions): PassphraseSource[] {
  return (
    [
      ['text', options['tls.passphrase']],
      ['file', options['tls.passphraseFile']],
      ['command', options['tls.passphraseCommand']],
    ] as const
  ).flatMap(([way, { value, source }]) => (value === null ? [] : [{ way, value, label: source.label }]))
}

/** Those of a host of SNI. */
export function passphraseSources(
  given: Readonly<{
    passphrase: GivenPassphrase | null
    passphraseFile: string | null
    passphraseCommand: string | null
  }>,
  { source, option }: { source: ValueSource; option: (name: string) => string },
): PassphraseSource[] {
  return (
    [
      ['text', 'passphrase'],
      ['file', 'passphraseFile'],
      ['command', 'passphraseCommand'],
    ] as const
  ).flatMap(([way, name]) => {
    const value = given[name]
    return value === null ? [] : [{ way, value, label: `${option(name)} (${source.label})` }]
  })
}

/** Gets the passphrase from where it is kept. */
export async function readPassphrase(given: readonly PassphraseSource[]): Promise<ReadPassphrase> {
  const [one, ...others] = given
  if (!one) return { passphrase: null, source: '', faults: [] }
  const { way, value, label: source } = one
  const fail = (fault: Omit<Fault, 'source'>): ReadPassphrase => ({
    passphrase: null,
    source,
    faults: [{ ...fault, source }],
  })
  if (others.length > 0) {
    return fail({
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${given.map(({ label }) => label).join(' and ')} each set a passphrase.`,
      hint: 'Leave all but one out.',
    })
  }
  try {
    const passphrase = await obtain(one)
    if (typeof passphrase !== 'string') throw new Error('the function gave no text')
    if (passphrase === '') throw new Error('it is empty')
    return { passphrase, source, faults: [] }
  } catch (cause) {
    const where = way === 'file' && !maybePassphrase(String(value)) ? `${String(value)} (${source})` : source
    return fail({
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      message: `Can't get the passphrase from ${where}: ${whyFileFails(cause)}.`,
      hint: 'Check the file or run the command by hand.',
      cause,
    })
  }
}

async function obtain({ way, value }: PassphraseSource): Promise<unknown> {
  if (typeof value === 'function') return await value()
  switch (way) {
    case 'text':
      return value
    case 'file':
      return readPassphraseFile(value)
    case 'command':
      return (await runShellCommand(value, { timeoutMs: 10_000 })).replace(/\r?\n$/, '')
  }
}

/** One line. Only its line end is taken away: white space may belong to a passphrase. */
function readPassphraseFile(path: string): string {
  const read = readText(readAndNote(path))
  if (read.kind === 'refused') throw new Error(`it ${read.says}`)
  return read.text.replace(/(?:\r?\n|\r)$/, '')
}
