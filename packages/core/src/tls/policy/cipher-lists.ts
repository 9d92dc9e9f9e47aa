import type { Fault } from '../../errors/launch-error.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'

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
  return cipherNames(list, version).flatMap((name): Fault[] => {
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

export function cipherNames(list: string, version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2'): string[] {
  return list.split(version === 'TLSv1.2' ? /[:, ]/ : ':')
}

function refusal(name: string, version: 'TLSv1.2' | 'TLSv1.3'): string | null {
  const isSuite = name.startsWith('TLS_')
  if (version === 'TLSv1.2' && isSuite) return 'is a suite of TLS 1.3; it belongs into tls.ciphersuites'
  if (version === 'TLSv1.3' && !isSuite)
    return 'is not a suite of TLS 1.3; ciphers of TLS 1.2 belong in tls.ciphers'
  if (name.startsWith('@')) return null
  try {
    nodeTls().createSecureContext({ ciphers: name.replace(/^[!+-]/, '') })
    return null
  } catch {
    return 'is not known to this OpenSSL'
  }
}
