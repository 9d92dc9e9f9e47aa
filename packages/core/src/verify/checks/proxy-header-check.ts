import { attemptPlain } from '../probes/plain-attempt.ts'
import type { ProbeTarget } from '../probes/probe-target.ts'
import type { VerificationCheck } from '../verification.ts'

/** Where the PROXY protocol is demanded, a client without it must get no byte: else any client could send a header of its own. */
export async function proxyHeaderChecks(
  target: ProbeTarget,
  { deadlineMs }: { deadlineMs: number },
): Promise<VerificationCheck[]> {
  if (!target.demandsProxyHeader) return []
  const seen = await attemptPlain(
    { ...target, demandsProxyHeader: false, isLimited: false, connections: [] },
    { deadlineMs },
  )
  return [
    {
      name: 'proxy-protocol',
      passed: seen.isClosed && seen.head === '',
      expected: 'no answer without a PROXY header',
      observed: seen.observed,
    },
  ]
}
