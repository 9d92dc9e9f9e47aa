import type { PlannedTls } from '../../tls/planned-tls.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import { attemptTls } from '../probes/tls-attempt.ts'
import type { VerificationCheck } from '../verification.ts'
import { chainChecks } from './chain-checks.ts'

/** Each host of SNI is shown its own certificate. An unknown host is shown none, if that is asked for. */
export async function hostChecks(
  target: ProbeTarget,
  { tls, deadlineMs }: { tls: PlannedTls; deadlineMs: number },
): Promise<VerificationCheck[]> {
  const checks: VerificationCheck[] = []
  for (const { host, chains } of tls.sni) {
    const servername = host.replace(/^\*/, 'lockstep-probe')
    // Which certificate a host has does not depend on the version, unless there is one to be chosen: there may be hundreds of hosts.
    const known = chains.length === 1 && chains[0]?.versions.length === 2 ? 'TLSv1.2' : null
    checks.push(...(await chainChecks(target, { name: 'sni', chains, tls, known, servername, deadlineMs })))
  }
  if (tls.unknownHost === 'reject') {
    // RFC 6761 section 6.4: no server has a certificate for a name under `invalid`.
    const attempt = await attemptTls(target, { servername: 'lockstep-probe.invalid', deadlineMs })
    checks.push({
      name: 'unknown-host',
      passed: attempt.outcome === 'refused',
      expected: 'refused',
      observed: attempt.outcome === 'refused' ? 'refused' : `${attempt.outcome} (${attempt.reason})`,
    })
  }
  return checks
}
