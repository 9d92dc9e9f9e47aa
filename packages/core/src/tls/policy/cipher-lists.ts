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
            code: 'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
            message: `The cipher "${name}" ${reason}.`,
            hint: cure(name, version),
            source,
          },
        ]
  })
}

function cure(name: string, version: 'TLSv1.2' | 'TLSv1.3'): string {
  const isSuite = name.startsWith('TLS_')
  if (version === 'TLSv1.2')
    return isSuite ? 'Move it to --tls-ciphersuites.' : '`openssl ciphers -s -tls1_2` lists the known ones.'
  return `\`openssl ciphers -s -tls1_3\` lists the known ones.${isSuite ? '' : ' Ciphers of TLS 1.2 belong in --tls-ciphers.'}`
}

export function cipherNames(list: string, version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2'): string[] {
  return list.split(version === 'TLSv1.2' ? /[:, ]/ : ':')
}

function refusal(name: string, version: 'TLSv1.2' | 'TLSv1.3'): string | null {
  const isSuite = name.startsWith('TLS_')
  if (version === 'TLSv1.2' && isSuite) return 'is a cipher suite of TLS 1.3'
  if (version === 'TLSv1.3' && !isSuite) return 'is not a cipher suite of TLS 1.3'
  if (name.startsWith('@')) return null
  try {
    nodeTls().createSecureContext({ ciphers: name.replace(/^[!+-]/, '') })
    return null
  } catch {
    return 'is not known to this OpenSSL'
  }
}
