import type { PlannedChain } from '../tls/planned-tls.ts'
import { signatureAlgorithmsFor } from '../tls/signature-algorithms.ts'
import type { ProbeTarget } from './probe-target.ts'
import { attemptTls } from './tls-attempt.ts'
import type { VerificationCheck } from './verification.ts'

/** For each chain of a host: a client that can verify only that type of key must be shown it. */
export async function chainChecks(
  target: ProbeTarget,
  {
    name,
    chains,
    servername = '',
    deadlineMs,
  }: { name: string; chains: readonly PlannedChain[]; servername?: string; deadlineMs: number },
): Promise<VerificationCheck[]> {
  const checks: VerificationCheck[] = []
  for (const { keyType, leaf } of chains) {
    const sigalgs = chains.length > 1 ? signatureAlgorithmsFor(keyType) : null
    const attempt = await attemptTls(target, { servername, deadlineMs, ...(sigalgs !== null && { sigalgs }) })
    const about = [servername, ...(chains.length > 1 ? [keyType] : [])]
      .filter((part) => part !== '')
      .join(', ')
    checks.push({
      name,
      passed: attempt.tls?.fingerprint256 === leaf.fingerprint256,
      expected: about === '' ? leaf.fingerprint256 : `${leaf.fingerprint256} (${about})`,
      observed: attempt.tls?.fingerprint256 ?? `${attempt.outcome} (${attempt.reason})`,
    })
  }
  return checks
}
