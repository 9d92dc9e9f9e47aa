import type { LaunchPlan, ServedProtocol } from '../../plan/launch-plan.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import { clientOffer } from '../../tls/policy/trial-handshake.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import { attemptTls } from '../probes/tls-attempt.ts'
import type { VerificationCheck } from '../verification.ts'

const protocols: readonly ServedProtocol[] = ['h2', 'http/1.1']

/**
 * For each protocol but the one that all other probes speak: a client that has only this one is served over it, if it is planned,
 * and is refused if it is not. A client without a certificate is never served under `require`, but its ALPN is settled before
 * it is refused, at least under TLS 1.3.
 */
export async function protocolChecks(
  target: ProbeTarget,
  { tls, https, deadlineMs }: { tls: PlannedTls; https: LaunchPlan['https']; deadlineMs: number },
): Promise<VerificationCheck[]> {
  const checks: VerificationCheck[] = []
  for (const protocol of protocols.filter((each) => each !== target.protocol)) {
    const isPlanned = https.protocols.includes(protocol)
    const attempt = await attemptTls({ ...target, protocol }, { ...clientOffer(tls), deadlineMs })
    const negotiated = attempt.completed && attempt.tls?.alpn === protocol
    const answered = attempt.outcome === 'served' || tls.clientAuth === 'require'
    // Nothing is known of it: TLS 1.2 refuses a client without a certificate first.
    if (isPlanned && tls.clientAuth === 'require' && !attempt.completed) continue
    checks.push({
      name: protocol === 'h2' ? 'alpn-h2' : 'alpn-http1',
      passed: isPlanned ? negotiated && answered : attempt.outcome === 'refused' && !negotiated,
      expected: isPlanned ? `an answer over ${protocol}` : `no ${protocol}`,
      observed: negotiated ? `${protocol}, ${attempt.outcome}` : `${attempt.outcome} (${attempt.reason})`,
    })
  }
  return checks
}
