import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PlannedTls } from '../planned-tls.ts'
import { isKnownGroup, profiles } from './profiles.ts'

export type EffectivePolicy = Pick<
  PlannedTls,
  'minVersion' | 'maxVersion' | 'ciphers' | 'ciphersuites' | 'groups' | 'sigalgs'
>

/** What is negotiated: the options that are set, and the profile for the others. */
export function effectivePolicy(options: ResolvedOptions): EffectivePolicy {
  const profile = profiles[options['tls.profile'].value]
  const hasDhe = options['tls.dhparam'].value !== null
  return {
    ...effectiveVersions(options),
    // Without parameters OpenSSL would never choose them.
    ciphers:
      options['tls.ciphers'].value ??
      profile.ciphers.filter((cipher) => hasDhe || !isFiniteField(cipher)).join(':'),
    ciphersuites: options['tls.ciphersuites'].value ?? profile.ciphersuites.join(':'),
    groups: options['tls.groups'].value ?? profile.groups.filter(isKnownGroup).join(':'),
    sigalgs: options['tls.sigalgs'].value,
  }
}

/** The part of it that asks nothing of OpenSSL. */
export function effectiveVersions(
  options: ResolvedOptions,
): Pick<EffectivePolicy, 'minVersion' | 'maxVersion'> {
  return {
    minVersion: options['tls.minVersion'].value ?? profiles[options['tls.profile'].value].minVersion,
    maxVersion: options['tls.maxVersion'].value,
  }
}

/** Key exchange by Diffie-Hellman in a finite field, which needs `dhparam`. */
export function isFiniteField(cipher: string): boolean {
  return /^(?:DHE|EDH)-/.test(cipher)
}
