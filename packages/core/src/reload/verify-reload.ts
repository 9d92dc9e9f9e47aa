import type { AcceptWatch, RunningServer } from '../backends/server-backend.ts'
import { type Fault, throwFaults } from '../errors/launch-error.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { addressUrl } from '../verify/address-url.ts'
import { watchOfAddress } from '../verify/checks/own-server-check.ts'
import { differencesOf } from '../verify/difference.ts'
import type { ProbeThread } from '../verify/probes/probe-target.ts'
import { probeThreadFor } from '../verify/probes/start-probe-thread.ts'
import type { Verification } from '../verify/verification.ts'
import { type ProbedEndpoint, verifyEndpoint, withoutNotes } from '../verify/verify-endpoint.ts'

/** Clients of a server that is in use may take the connections that a probe needs. */
const attempts = 3

/**
 * Looks again from outside, once a reload is in use. Unlike at the start, others use the server too: a probe that is closed
 * without a byte, because the plan limits connections, has measured nothing. Any other probe that does not get through is a client
 * that is refused.
 */
export async function verifyReload(
  server: Pick<RunningServer, 'addresses' | 'watchAccepts' | 'ofApp'> &
    Partial<Pick<RunningServer, 'workers'>>,
  plan: LaunchPlan,
): Promise<{ verification: Verification | null; differences: readonly Fault[] }> {
  const started = performance.now()
  using watch = (await server.watchAccepts?.()) ?? null
  using thread = probeThreadFor(server, plan)
  const endpoints: ProbedEndpoint[] = []
  for (const [index, address] of server.addresses.entries()) {
    const accepts = watchOfAddress((server.ofApp ?? plan).addresses[index], watch)
    endpoints.push(await verifyOne(address, { plan, accepts, thread }))
  }
  const seen = endpoints.filter(({ isCrowdedOut }) => !isCrowdedOut)
  return {
    verification:
      seen.length === endpoints.length
        ? {
            endpoints: endpoints.map(withoutNotes),
            at: new Date(),
            durationMs: Math.round(performance.now() - started),
          }
        : null,
    differences: seen.flatMap((endpoint) =>
      differencesOf(endpoint, {
        prefix: 'After the reload ',
        consequence: 'What was served before is served again.',
      }),
    ),
  }
}

/** Throws what differs at these addresses, in the words of a reload. Does nothing when `verify` is off. */
export async function verifyAddresses(addresses: readonly BoundAddress[], plan: LaunchPlan): Promise<void> {
  if (!plan.verify) return
  throwFaults((await verifyReload({ addresses }, plan)).differences)
}

async function verifyOne(
  address: BoundAddress,
  { plan, accepts, thread }: { plan: LaunchPlan; accepts: AcceptWatch | null; thread: ProbeThread | null },
): Promise<ProbedEndpoint> {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await verifyEndpoint(address, { plan, url: addressUrl(address, plan), accepts, thread })
    if (attempt === attempts || seen.checks.every(({ passed }) => passed)) return seen
  }
}
