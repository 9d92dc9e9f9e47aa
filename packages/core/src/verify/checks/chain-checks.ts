import type { PlannedChain, PlannedTls } from '../../tls/planned-tls.ts'
import { signatureAlgorithmsFor } from '../../tls/policy/signature-algorithms.ts'
import { clientOffer } from '../../tls/policy/trial-handshake.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import { attemptTls } from '../probes/tls-attempt.ts'
import type { VerificationCheck } from '../verification.ts'

/** For each chain of a host, and each version with which it can be used: a client that can verify only that type of key must be shown it. */
export async function chainChecks(
  target: ProbeTarget,
  {
    name,
    chains,
    tls,
    known = null,
    servername = '',
    deadlineMs,
  }: {
    name: string
    chains: readonly PlannedChain[]
    tls: PlannedTls
    /** A version with which the chain was seen already. */
    known?: string | null
    servername?: string
    deadlineMs: number
  },
): Promise<VerificationCheck[]> {
  const checks: VerificationCheck[] = []
  for (const { keyType, leaf, versions } of chains) {
    const tried = versions.filter((version) => version !== known)
    if (tried.length === 0) continue
    const sigalgs = chains.length > 1 ? signatureAlgorithmsFor(keyType) : null
    const about = [servername, ...(chains.length > 1 ? [keyType] : []), ...tried].filter(
      (part) => part !== '',
    )
    const expected = `${leaf.fingerprint256} (${about.join(', ')})`
    let passed = true
    let observed = expected
    for (const version of tried) {
      const attempt = await attemptTls(target, {
        ...clientOffer(tls),
        servername,
        minVersion: version,
        maxVersion: version,
        deadlineMs,
        ...(sigalgs !== null && { sigalgs }),
      })
      if (attempt.tls?.fingerprint256 === leaf.fingerprint256 && attempt.tls.version === version) continue
      passed = false
      observed = `${attempt.tls?.fingerprint256 ?? `${attempt.outcome} (${attempt.reason})`} under ${version}`
      break
    }
    checks.push({
      name,
      passed,
      expected,
      observed,
    })
  }
  return checks
}
