import type { OpenedPfx } from '@lockstep/certs'
import { materialKind, readPemBlocks } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { Finding } from '../finding.ts'
import type { MatchedPair } from './match-pairs.ts'
import type { ReadPassphrase } from './read-passphrase.ts'
import { type PemMaterial, readBytes } from './read-pem.ts'

/** Takes the chain and the key out of a PKCS#12 file, so that everything behind has to know one form only. */
export async function readPfx(
  material: PemMaterial,
  passphrase: ReadPassphrase,
): Promise<Finding<readonly MatchedPair[]>> {
  const { name, source } = material
  const read = readBytes(material)
  if ('fault' in read) return { value: null, faults: [read.fault] }
  // A passphrase that was set and can't be had is a fault of its own.
  if (passphrase.faults.length > 0) return { value: null, faults: [] }
  // Loaded when it is needed: most servers have PEM files.
  const { openPfx } = await import('@lockstep/certs')
  const opened = openPfx(read.bytes, passphrase.passphrase)
  if (opened.kind === 'refused')
    return { value: null, faults: [{ ...refusal(opened, { name, passphrase, bytes: read.bytes }), source }] }
  return {
    value: opened.pairs.flatMap(({ chainPem, keyPem }) => {
      const reading = readPemBlocks(chainPem)
      const [leaf, ...issuers] = (reading.kind === 'blocks' ? reading.blocks : []).map(
        ({ pem }) => new (nodeCrypto().X509Certificate)(pem),
      )
      return leaf
        ? [
            {
              certificates: [leaf, ...issuers] as const,
              key: nodeCrypto().createPrivateKey(keyPem),
              name,
              source,
            },
          ]
        : []
    }),
    faults: [],
  }
}

function refusal(
  { reason, cause, detail = '' }: Extract<OpenedPfx, { kind: 'refused' }>,
  { name, passphrase, bytes }: { name: string; passphrase: ReadPassphrase; bytes: Uint8Array },
): Fault {
  switch (reason) {
    case 'legacy':
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_LEGACY',
        message: `${name} is encrypted with RC2 or RC4, which OpenSSL 3 has retired.`,
        hint: 'Pack it again: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW',
      }
    case 'unsupported':
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_LEGACY',
        message: `${name} is encrypted in a way that is not known here (${detail}).`,
        hint: 'Pack it again with AES: openssl pkcs12 -in OLD -nodes | openssl pkcs12 -export -out NEW',
        cause,
      }
    case 'stray':
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
        message: `${name} holds the certificate ${detail}, which belongs to no key in it and has issued no certificate that does, so that it would be dropped.`,
        hint: 'Export it again without that certificate. CAs for clients belong into tls.ca.',
      }
    case 'passphrase':
      return passphrase.passphrase === null
        ? {
            code: 'LOCKSTEP_ERR_TLS_KEY_ENCRYPTED',
            message: `${name} needs a passphrase, and none is given.`,
            hint: 'Set --tls-passphrase-file, --tls-passphrase-command or LOCKSTEP_TLS_PASSPHRASE.',
          }
        : {
            code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
            message: `The passphrase from ${passphrase.source} does not open ${name}.`,
            hint: 'Check it with `openssl pkcs12 -in FILE -noout`.',
            cause,
          }
    case 'without-key':
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
        message: `${name} holds no private key.`,
        hint: 'Export it together with its private key.',
      }
    case 'without-certificate':
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
        message: `${name} holds no certificate that belongs to its private key.`,
        hint: 'Export the key together with its certificate.',
      }
    case 'invalid': {
      const kind = bytes[0] === 0x30 ? materialKind(bytes) : null
      const isOther = kind !== null && !kind.name.startsWith('a PKCS#12')
      return {
        code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
        message: isOther
          ? `${name} is ${kind.name}, and no PKCS#12 file.`
          : `${name} is not a PKCS#12 file, or it is damaged.`,
        hint: 'Check it with `openssl pkcs12 -in FILE -noout`. PEM files belong into tls.cert and tls.key.',
        cause,
      }
    }
  }
}
