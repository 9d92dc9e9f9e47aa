import type { PlannedTls } from '../../tls/planned-tls.ts'
import { signatureAlgorithmsFor } from '../../tls/policy/signature-algorithms.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import { attemptTls } from '../probes/tls-attempt.ts'
import type { VerificationCheck } from '../verification.ts'

/** A client that has only groups, or only signature algorithms, outside the lists must be refused. */
export async function negotiationChecks(
  target: ProbeTarget,
  { tls, deadlineMs }: { tls: PlannedTls; deadlineMs: number },
): Promise<VerificationCheck[]> {
  // Under TLS 1.2 the curve of an ECDSA certificate must be among the client's groups too, so that a refusal would say nothing.
  const observable = tls.maxVersion === 'TLSv1.3' || tls.chains.some(({ keyType }) => keyType === 'rsa')
  const groups = observable ? outside(groupNames, tls.groups) : []
  const own = tls.chains.map(({ keyType }) => signatureAlgorithmsFor(keyType)?.split(':') ?? [])
  const algorithms = tls.sigalgs === null ? [] : outside(algorithmNames, tls.sigalgs)
  const sigalgs = algorithms.filter((name) => own.flat().includes(name))
  const version = { minVersion: tls.maxVersion, maxVersion: tls.maxVersion }
  const offers = [
    ...(groups.length > 0 ? [{ name: 'groups', what: 'group', offer: { ecdhCurve: groups.join(':') } }] : []),
    ...(sigalgs.length > 0
      ? [{ name: 'sigalgs', what: 'signature algorithm', offer: { sigalgs: sigalgs.join(':') } }]
      : []),
  ]
  const checks: VerificationCheck[] = []
  for (const { name, what, offer } of offers) {
    // Under TLS 1.2 other kinds of key exchange could take the place of a group.
    const ciphers = tls.maxVersion === 'TLSv1.2' ? { ciphers: 'ECDHE' } : {}
    const attempt = await attemptTls(target, { ...version, ...ciphers, ...offer, deadlineMs })
    checks.push({
      name,
      passed: attempt.outcome === 'refused',
      expected: `no ${what} outside the list`,
      observed: attempt.outcome === 'served' ? (attempt.tls?.group ?? 'served') : attempt.outcome,
    })
  }
  return checks
}

/** What a probe can offer, each with the other names of the same. */
const groupNames: readonly (readonly string[])[] = [
  ['X25519', 'x25519'],
  ['P-256', 'prime256v1', 'secp256r1'],
  ['P-384', 'secp384r1'],
  ['P-521', 'secp521r1'],
]

const algorithmNames: readonly (readonly string[])[] = [
  ['ECDSA+SHA256', 'ecdsa_secp256r1_sha256'],
  ['ECDSA+SHA384', 'ecdsa_secp384r1_sha384'],
  ['ECDSA+SHA512', 'ecdsa_secp521r1_sha512'],
  ['RSA-PSS+SHA256', 'rsa_pss_rsae_sha256'],
  ['RSA-PSS+SHA384', 'rsa_pss_rsae_sha384'],
  ['RSA-PSS+SHA512', 'rsa_pss_rsae_sha512'],
]

function outside(names: readonly (readonly string[])[], list: string): string[] {
  const named = list.toLowerCase().split(':')
  return names
    .filter((aliases) => !aliases.some((alias) => named.includes(alias.toLowerCase())))
    .flatMap(([name]) => name ?? [])
}
