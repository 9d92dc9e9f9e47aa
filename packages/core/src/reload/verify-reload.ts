import { type Fault, throwFaults } from '../errors/launch-error.ts'
import type { BoundAddress } from '../plan/bound-address.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { addressUrl } from '../verify/address-url.ts'
import type { EndpointVerification, Verification } from '../verify/verification.ts'
import { verifyEndpoint } from '../verify/verify-endpoint.ts'

/** Clients of a server that is in use may take the connections that a probe needs. */
const attempts = 3

/**
 * Looks again from outside, once a reload is in use. Unlike at the start, others use the server too: a probe that never gets as far
 * as the certificate, because the limit of connections is reached, has measured nothing and proves nothing.
 */
export async function verifyReload(
  addresses: readonly BoundAddress[],
  plan: LaunchPlan,
): Promise<{ verification: Verification | null; differences: readonly Fault[] }> {
  const started = performance.now()
  const endpoints: EndpointVerification[] = []
  for (const address of addresses) endpoints.push(await verifyOne(address, plan))
  const seen = endpoints.every(({ tls }) => tls !== null)
  return {
    verification: seen
      ? { endpoints, at: new Date(), durationMs: Math.round(performance.now() - started) }
      : null,
    differences: endpoints.filter(({ tls }) => tls !== null).flatMap(differences),
  }
}

/** Throws what differs at these addresses, in the words of a reload. Does nothing when `verify` is off. */
export async function verifyAddresses(addresses: readonly BoundAddress[], plan: LaunchPlan): Promise<void> {
  if (!plan.verify) return
  throwFaults((await verifyReload(addresses, plan)).differences)
}

async function verifyOne(address: BoundAddress, plan: LaunchPlan): Promise<EndpointVerification> {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await verifyEndpoint(address, { plan, url: addressUrl(address, plan) })
    if (attempt === attempts || seen.checks.every(({ passed }) => passed)) return seen
  }
}

function differences({ connectedTo, checks }: EndpointVerification): Fault[] {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name, expected, observed }) => ({
      code: 'ERR_VERIFY_FAILED' as const,
      message: `After the reload ${connectedTo} differs from what was asked (${name}): expected ${expected}, observed ${observed}.`,
      hint: 'What was served before is served again. This is a fault of the backend, or of something between it and the port.',
    }))
}
