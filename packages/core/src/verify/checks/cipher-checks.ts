import { nodeTls } from '../../platform/node/node-tls.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import { attemptTls } from '../probes/tls-attempt.ts'
import type { VerificationCheck } from '../verification.ts'

/** What a client can offer of TLS 1.3 at most. */
const suitesOfTls13 = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
]

/** For each version that is spoken: a client that has only ciphers outside the list must be refused. */
export async function cipherChecks(
  target: ProbeTarget,
  { tls, deadlineMs }: { tls: PlannedTls; deadlineMs: number },
): Promise<VerificationCheck[]> {
  const offers = [
    { version: 'TLSv1.2', ciphers: outside12(tls) },
    { version: 'TLSv1.3', ciphers: outside13(tls) },
  ] as const
  const checks: VerificationCheck[] = []
  for (const { version, ciphers } of offers) {
    if (version < tls.minVersion || version > tls.maxVersion || ciphers === null) continue
    const attempt = await attemptTls(target, {
      minVersion: version,
      maxVersion: version,
      ciphers,
      deadlineMs,
    })
    checks.push({
      name: version === 'TLSv1.2' ? 'ciphers' : 'ciphersuites',
      passed: attempt.outcome === 'refused',
      expected: `no cipher outside the list under ${version}`,
      observed: attempt.outcome === 'served' ? (attempt.tls?.cipher ?? 'served') : attempt.outcome,
    })
  }
  return checks
}

/** All that OpenSSL has but what the list names. `null` when nothing is left, so that there is nothing to observe. */
function outside12({ ciphers }: PlannedTls): string | null {
  const named = ciphers.split(/[:, ]/).filter((name) => name !== '' && !/^[-+!@]/.test(name))
  const offer = ['ALL', ...named.map((name) => `!${name}`), '!aNULL', '!PSK', '!SRP', '@SECLEVEL=0'].join(':')
  try {
    nodeTls().createSecureContext({ ciphers: offer, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })
    return offer
  } catch {
    return null
  }
}

function outside13({ ciphersuites }: PlannedTls): string | null {
  const named = ciphersuites.split(':')
  const rest = suitesOfTls13.filter((suite) => !named.includes(suite))
  return rest.length === 0 ? null : rest.join(':')
}
