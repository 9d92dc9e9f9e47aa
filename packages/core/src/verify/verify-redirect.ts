import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { AcceptWatch } from '../platform/net/accept-watch.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { hostInUrl } from '../platform/net/address/host-in-url.ts'
import { withOwnServerCheck } from './checks/own-server-check.ts'
import { proxyHeaderChecks } from './checks/proxy-header-check.ts'
import { attemptPlain } from './probes/plain-attempt.ts'
import { formatTarget, probeTarget } from './probes/probe-target.ts'
import type { EndpointVerification, VerificationCheck } from './verification.ts'

const deadlineMs = 5_000
/** Reserved so that no certificate can be for it: RFC 6761 section 6.4. */
const foreignHost = 'lockstep.invalid'

/** Asks a redirect listener as two clients would: one that wants a host which is served, and one that wants another. */
export async function verifyRedirect(
  address: BoundAddress,
  { plan, httpsPort, accepts }: { plan: LaunchPlan; httpsPort: number | null; accepts: AcceptWatch | null },
): Promise<EndpointVerification> {
  const target = probeTarget(address, { protocol: 'http/1.1', plan })
  const ask = (host: string): ReturnType<typeof attemptPlain> =>
    attemptPlain(target, { deadlineMs, request: `GET /lockstep?probe HTTP/1.1\r\nHost: ${host}\r\n\r\n` })
  const checks: VerificationCheck[] = []
  const host = servedHost(plan)
  if (host !== null) {
    const expected = `https://${host}${httpsPort === 443 ? '' : `:${httpsPort}`}/lockstep?probe`
    const { statusLine, head, observed } = await ask(host)
    const location = /^location: *(.*?) *$/im.exec(head)?.[1]
    checks.push({
      name: 'redirect',
      passed: / 308 /.test(statusLine ?? '') && location === expected,
      expected: `308 to ${expected}`,
      observed: location === undefined ? observed : `${observed} to ${location}`,
    })
  }
  const { statusLine, observed } = await ask(foreignHost)
  checks.push({
    name: 'redirect-host',
    passed: / 421 /.test(statusLine ?? ''),
    expected: `421 for ${foreignHost}`,
    observed,
  })
  checks.push(...(await proxyHeaderChecks(target, { deadlineMs })))
  return {
    url: null,
    connectedTo: formatTarget(target),
    scheme: 'http',
    tls: null,
    checks: await withOwnServerCheck(checks, { target, accepts }),
  }
}

/** As written in a Host header; any name will do where a wildcard is served. */
function servedHost({ tls }: LaunchPlan): string | null {
  const host = tls?.leaf.hosts[0]?.replace(/^\*(?=\.)/, 'probe')
  return host === undefined ? null : hostInUrl(host.toLowerCase())
}
