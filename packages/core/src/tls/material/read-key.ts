import { keyEncryption, materialKind, type PemBlock } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { Finding } from '../finding.ts'
import type { OpenedKey } from './match-pairs.ts'
import type { ReadPassphrase } from './read-passphrase.ts'
import { otherKind, type PemMaterial, readBlocks } from './read-pem.ts'
import { retiredEncryption } from './retired-encryption.ts'

/** Opens every private key of a piece of key material, with the passphrase if it is encrypted. */
export function readKeys(material: PemMaterial, passphrase: ReadPassphrase): readonly Finding<OpenedKey>[] {
  const { name, source } = material
  const read = readBlocks(material, 'LOCKSTEP_ERR_TLS_KEY_INVALID')
  if ('fault' in read) return [{ value: null, faults: [read.fault] }]
  const keys = read.blocks.filter(({ label }) => /PRIVATE KEY$/.test(label))
  const foreign = (keys.length === 0 ? read.blocks : keys)
    .map(({ pem }) => materialKind(Buffer.from(pem)))
    .find((kind) => kind !== null)
  if (foreign)
    return [
      {
        value: null,
        faults: [{ ...otherKind({ code: 'LOCKSTEP_ERR_TLS_KEY_INVALID', material, kind: foreign }), source }],
      },
    ]
  if (keys.length > 0) return keys.map((block) => openKey(block, { material, passphrase }))
  const [found] = read.blocks
  return [
    {
      value: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
          message: `${name} holds no private key${found ? `, but a ${found.label}` : ''}.`,
          hint: 'It must be PEM text that begins with -----BEGIN PRIVATE KEY-----.',
          source,
        },
      ],
    },
  ]
}

function openKey(
  { label, pem, der }: PemBlock,
  { material: { name, source }, passphrase }: { material: PemMaterial; passphrase: ReadPassphrase },
): Finding<OpenedKey> {
  const encrypted = label.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(pem)
  const fail = (fault: Omit<Fault, 'source'>): Finding<OpenedKey> => ({
    value: null,
    faults: [{ source, ...fault }],
  })
  if (encrypted && passphrase.passphrase === null) {
    // A passphrase that was set and can't be had is a fault of its own.
    if (passphrase.faults.length > 0) return { value: null, faults: [] }
    return fail({
      code: 'LOCKSTEP_ERR_TLS_KEY_ENCRYPTED',
      message: `${name} is encrypted, and no passphrase is given.`,
      hint: 'Set --tls-passphrase-file, --tls-passphrase-command or LOCKSTEP_TLS_PASSPHRASE.',
    })
  }
  try {
    const key = nodeCrypto().createPrivateKey({
      key: pem,
      ...(encrypted && passphrase.passphrase !== null && { passphrase: passphrase.passphrase }),
    })
    return { value: { key, encrypted, name, source }, faults: [] }
  } catch (cause) {
    const retired = encrypted ? retiredEncryption(pem, keyEncryption(der)) : null
    if (retired !== null)
      return fail({
        code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
        message: `${name} is encrypted by ${retired}, which OpenSSL 3 has retired, so that no passphrase opens it here.`,
        hint: 'Encrypt it again: openssl pkey -provider legacy -provider default -in OLD -aes256 -out NEW',
        cause,
      })
    return fail(
      encrypted
        ? {
            code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
            message: `The passphrase from ${passphrase.source} does not open ${name}.`,
            hint: 'Check it with `openssl pkey -in FILE -noout`.',
            cause,
          }
        : {
            code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
            message: `${name} cannot be parsed.`,
            hint: 'Check it with `openssl pkey -in FILE -noout`.',
            cause,
          },
    )
  }
}
