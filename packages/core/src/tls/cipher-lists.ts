import { createSecureContext } from 'node:tls'
import type { Fault } from '../errors/launch-error.ts'

/** Mozilla's intermediate list without its DHE entries, which would need a `dhparam` to be offered at all. */
export const defaultCiphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** RFC 8446 section 9.1: the mandatory suite and the two that should be there. */
export const defaultCiphersuites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
].join(':')

/** Each name of a list that this OpenSSL does not know. OpenSSL itself skips unknown names among known ones. */
export function cipherFaults({
  list,
  version,
  source,
}: {
  list: string
  version: 'TLSv1.2' | 'TLSv1.3'
  source: string
}): Fault[] {
  return list.split(version === 'TLSv1.2' ? /[:, ]/ : ':').flatMap((name): Fault[] => {
    const reason = refusal(name, version)
    return reason === null
      ? []
      : [
          {
            code: 'ERR_TLS_CIPHER_UNKNOWN',
            message: `The cipher "${name}" ${reason}.`,
            hint: '`openssl ciphers -v -s -tls1_2` and `-tls1_3` list what OpenSSL knows.',
            source,
          },
        ]
  })
}

function refusal(name: string, version: 'TLSv1.2' | 'TLSv1.3'): string | null {
  const isSuite = name.startsWith('TLS_')
  if (version === 'TLSv1.2' && isSuite) return 'is a suite of TLS 1.3; it belongs into tls.ciphersuites'
  if (version === 'TLSv1.3' && !isSuite)
    return 'is no suite of TLS 1.3; ciphers of TLS 1.2 belong into tls.ciphers'
  if (name.startsWith('@')) return null
  try {
    createSecureContext({ ciphers: name.replace(/^[!+-]/, '') })
    return null
  } catch {
    return 'is not known to this OpenSSL'
  }
}
