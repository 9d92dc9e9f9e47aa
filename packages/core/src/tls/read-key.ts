import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
import type { ReadPassphrase } from './read-passphrase.ts'

/** Opens a private key, with the passphrase if it is encrypted. */
export function readKey(
  text: string,
  { what, source, passphrase }: { what: string; source: string; passphrase: ReadPassphrase },
): { key: KeyObject | null; faults: Fault[] } {
  const fail = (fault: Omit<Fault, 'source'>): { key: null; faults: Fault[] } => ({
    key: null,
    faults: [{ source, ...fault }],
  })
  const label = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----/.exec(text)?.[1]
  if (label === undefined) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
    return fail({
      code: 'ERR_TLS_KEY_INVALID',
      message: `${what} holds no private key${found ? `, but a ${found}` : ''}.`,
      hint: 'It must be PEM text that begins with -----BEGIN PRIVATE KEY-----.',
    })
  }
  const encrypted = label.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(text)
  if (encrypted && passphrase.passphrase === null) {
    // A passphrase that was set and can't be had is a fault of its own.
    if (passphrase.faults.length > 0) return { key: null, faults: [] }
    return fail({
      code: 'ERR_TLS_KEY_ENCRYPTED',
      message: `${what} is encrypted, and no passphrase is given.`,
      hint: 'Set --tls-passphrase-file, --tls-passphrase-command or LOCKSTEP_TLS_PASSPHRASE.',
    })
  }
  try {
    const key = createPrivateKey({
      key: text,
      ...(encrypted && passphrase.passphrase !== null && { passphrase: passphrase.passphrase }),
    })
    if (encrypted || passphrase.passphrase === null) return { key, faults: [] }
    return {
      key,
      faults: [
        {
          code: 'ERR_TLS_PASSPHRASE_UNUSED',
          message: `${passphrase.source} gives a passphrase, but ${what} is not encrypted.`,
          hint: 'Leave the passphrase out, or name the encrypted key.',
          source: passphrase.source,
        },
      ],
    }
  } catch (cause) {
    if (!encrypted)
      return fail({
        code: 'ERR_TLS_KEY_INVALID',
        message: `${what} can not be parsed.`,
        hint: 'Check it with `openssl pkey -in FILE -noout`.',
        cause,
      })
    return fail({
      code: 'ERR_TLS_PASSPHRASE_WRONG',
      message: `The passphrase from ${passphrase.source} does not open ${what}.`,
      hint: 'Check it with `openssl pkey -in FILE -noout`.',
      cause,
    })
  }
}
