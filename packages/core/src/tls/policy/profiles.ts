import type { OptionValue } from '../../options/option-table.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'

/** What a profile says where nothing else does. */
export interface Profile {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** TLS 1.2, in order of preference. */
  readonly ciphers: readonly string[]
  readonly ciphersuites: readonly string[]
  readonly groups: readonly string[]
}

const suites = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'] as const

/** The hybrid group comes first: what is recorded today must not be read in the age of quantum computers. */
const groups = ['X25519MLKEM768', 'X25519', 'P-256', 'P-384'] as const

const intermediate = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-CHACHA20-POLY1305',
] as const

/**
 * Mozilla's three configurations (https://wiki.mozilla.org/Security/Server_Side_TLS), with two differences in `old`: TLS 1.0 and
 * 1.1 stay off, which RFC 8996 forbids and OpenSSL 3 speaks only at a security level that weakens everything else; and
 * DES-CBC3-SHA is left out, which OpenSSL 3 does not have.
 */
export const profiles = {
  modern: { minVersion: 'TLSv1.3', ciphers: intermediate, ciphersuites: suites, groups },
  intermediate: { minVersion: 'TLSv1.2', ciphers: intermediate, ciphersuites: suites, groups },
  old: {
    minVersion: 'TLSv1.2',
    ciphers: [
      ...intermediate,
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-RSA-AES128-SHA256',
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-RSA-AES128-SHA',
      'ECDHE-ECDSA-AES256-SHA384',
      'ECDHE-RSA-AES256-SHA384',
      'ECDHE-ECDSA-AES256-SHA',
      'ECDHE-RSA-AES256-SHA',
      'DHE-RSA-AES128-SHA256',
      'DHE-RSA-AES256-SHA256',
      'AES128-GCM-SHA256',
      'AES256-GCM-SHA384',
      'AES128-SHA256',
      'AES256-SHA256',
      'AES128-SHA',
      'AES256-SHA',
    ],
    ciphersuites: suites,
    groups,
  },
} as const satisfies Readonly<Record<OptionValue<'tls.profile'>, Profile>>

/** Older versions of Node 22 come with an OpenSSL that lacks the hybrid group. */
export function isKnownGroup(group: string): boolean {
  return isAccepted({ ecdhCurve: group })
}

export function isKnownSignatureAlgorithm(algorithm: string): boolean {
  return isAccepted({ sigalgs: algorithm })
}

function isAccepted(options: { ecdhCurve: string } | { sigalgs: string }): boolean {
  try {
    nodeTls().createSecureContext(options)
    return true
  } catch {
    return false
  }
}
