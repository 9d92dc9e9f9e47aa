import type { RunningServer } from '../backends/server-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { formatBindAddress } from '../platform/net/address/format-bind-address.ts'
import { redirectPort } from '../serve/redirect/redirect-port.ts'
import { addressUrl } from './address-url.ts'
import { watchOfAddress } from './checks/own-server-check.ts'
import { differencesOf } from './difference.ts'
import type { ProbeThread } from './probes/probe-target.ts'
import type { EndpointVerification, Verification } from './verification.ts'
import { verifyEndpoint, withoutNotes } from './verify-endpoint.ts'
import { verifyRedirect } from './verify-redirect.ts'

const consequence = 'Nothing was announced and the server was stopped.'

/** Promise 2: probes every bound address. Throws `LOCKSTEP_ERR_VERIFY_FAILED` with each difference between what is served and the plan. */
export async function verify(
  server: Pick<RunningServer, 'addresses' | 'redirects' | 'watchAccepts' | 'ofApp'>,
  plan: LaunchPlan,
  { thread }: { thread: ProbeThread | null },
): Promise<Verification> {
  const { addresses, redirects = [] } = server
  const started = performance.now()
  using watch = (await server.watchAccepts?.()) ?? null
  // One after the other: probes at the same time could run into the server's own limits.
  const endpoints: EndpointVerification[] = []
  for (const [index, address] of addresses.entries()) {
    const accepts = watchOfAddress((server.ofApp ?? plan).addresses[index], watch)
    const seen = await verifyEndpoint(address, { plan, url: addressUrl(address, plan), accepts, thread })
    endpoints.push(withoutNotes(seen))
  }
  const httpsPort = redirectPort(plan.https, addresses)
  for (const [index, address] of redirects.entries()) {
    const accepts = watchOfAddress(plan.https.redirect[index], watch)
    endpoints.push(await verifyRedirect(address, { plan, httpsPort, accepts }))
  }
  const differences = endpoints.flatMap((endpoint) => differencesOf(endpoint, { consequence }))
  // A backend that binds no redirect returns no address to probe.
  const missing = plan.https.redirect.slice(redirects.length).map((address) => ({
    code: 'LOCKSTEP_ERR_VERIFY_FAILED' as const,
    message: `${formatBindAddress(address)} does not serve what you asked for (redirect): expected a redirect to HTTPS, observed nothing bound.`,
    hint: `${consequence} The backend does not honour tls.redirect.`,
  }))
  const [first, ...others] = [...differences, ...missing]
  if (first) throw new LaunchError([first, ...others])
  return { endpoints, at: new Date(), durationMs: Math.round(performance.now() - started) }
}
