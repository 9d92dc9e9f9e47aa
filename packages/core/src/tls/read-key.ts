import type { KeyObject } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
import { nodeCrypto } from '../platform/node-crypto.ts'
import type { ReadPassphrase } from './read-passphrase.ts'

/** Opens a private key, with the passphrase if it is encrypted. */
export function readKey(
  text: string,
  { what, source, passphrase }: { what: string; source: string; passphrase: ReadPassphrase },
): { key: KeyObject | null; encrypted: boolean; faults: Fault[] } {
  const label = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----/.exec(text)?.[1]
  const encrypted = label?.startsWith('ENCRYPTED') === true || /^Proc-Type: 4,ENCRYPTED/m.test(text)
  const fail = (fault: Omit<Fault, 'source'>): ReturnType<typeof readKey> => ({
    key: null,
    encrypted,
    faults: [{ source, ...fault }],
  })
  if (label === undefined) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
    return fail({
      code: 'ERR_TLS_KEY_INVALID',
      message: `${what} holds no private key${found ? `, but a ${found}` : ''}.`,
      hint: 'It must be PEM text that begins with -----BEGIN PRIVATE KEY-----.',
    })
  }
  if (encrypted && passphrase.passphrase === null) {
    // A passphrase that was set and can't be had is a fault of its own.
    if (passphrase.faults.length > 0) return { key: null, encrypted, faults: [] }
    return fail({
      code: 'ERR_TLS_KEY_ENCRYPTED',
      message: `${what} is encrypted, and no passphrase is given.`,
      hint: 'Set --tls-passphrase-file, --tls-passphrase-command or LOCKSTEP_TLS_PASSPHRASE.',
    })
  }
  try {
    const key = nodeCrypto().createPrivateKey({
      key: text,
      ...(encrypted && passphrase.passphrase !== null && { passphrase: passphrase.passphrase }),
    })
    return { key, encrypted, faults: [] }
  } catch (cause) {
    return fail(
      encrypted
        ? {
            code: 'ERR_TLS_PASSPHRASE_WRONG',
            message: `The passphrase from ${passphrase.source} does not open ${what}.`,
            hint: 'Check it with `openssl pkey -in FILE -noout`.',
            cause,
          }
        : {
            code: 'ERR_TLS_KEY_INVALID',
            message: `${what} can not be parsed.`,
            hint: 'Check it with `openssl pkey -in FILE -noout`.',
            cause,
          },
    )
  }
}
