import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { AcceptWatch } from '../platform/net/accept-watch.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { type PlannedTls, tlsVersions } from '../tls/planned-tls.ts'
import { clientOffer } from '../tls/policy/trial-handshake.ts'
import { chainChecks } from './checks/chain-checks.ts'
import { cipherChecks } from './checks/cipher-checks.ts'
import { hostChecks } from './checks/host-checks.ts'
import { negotiationChecks } from './checks/negotiation-checks.ts'
import { withOwnServerCheck } from './checks/own-server-check.ts'
import { protocolChecks } from './checks/protocol-checks.ts'
import { proxyHeaderChecks } from './checks/proxy-header-check.ts'
import { attemptPlain } from './probes/plain-attempt.ts'
import { formatTarget, type ProbeTarget, type ProbeThread, probeTarget } from './probes/probe-target.ts'
import { attemptTls, isCrowdedOut, type TlsAttempt } from './probes/tls-attempt.ts'
import { appChecks } from './served-app-name.ts'
import { strangerCertificate } from './stranger-certificate.ts'
import type { EndpointVerification, VerificationCheck } from './verification.ts'

const deadlineMs = 5_000
/** The probe itself must be able to speak what the server must not: OpenSSL hides TLS 1.0 and 1.1 above this level. */
const anyCipher = 'DEFAULT@SECLEVEL=0'

/** What was seen, and whether the limit of connections of the plan kept the probe from seeing anything. */
export interface ProbedEndpoint extends EndpointVerification {
  readonly isCrowdedOut: boolean
}

/** What others are shown of it. */
export function withoutNotes({ isCrowdedOut: _, ...seen }: ProbedEndpoint): EndpointVerification {
  return seen
}

/**
 * Connects to one bound address as a client would, several times, and compares what is served with the plan. `accepts`: `null` where it is
 * not known which connections the server accepts.
 */
export async function verifyEndpoint(
  address: BoundAddress,
  {
    plan,
    url,
    accepts,
    thread,
  }: { plan: LaunchPlan; url: string | null; accepts: AcceptWatch | null; thread: ProbeThread | null },
): Promise<ProbedEndpoint> {
  const { tls, https } = plan
  // HTTP/1.1 where it is spoken: with it, the probes need the least of the server.
  const onlyHttp2 = tls !== null && !https.protocols.includes('http/1.1')
  const target = probeTarget(address, { protocol: onlyHttp2 ? 'h2' : 'http/1.1', plan, thread })
  const seen = tls ? await verifyTls(target, { ...plan, tls }) : await verifyPlain(target, plan)
  const own = [...seen.checks, ...(await proxyHeaderChecks(target, { deadlineMs }))]
  const checks = await withOwnServerCheck(own, { target, accepts })
  return { url, connectedTo: formatTarget(target), ...seen, checks }
}

type Seen = Omit<ProbedEndpoint, 'url' | 'connectedTo'>

async function verifyPlain(target: ProbeTarget, plan: Pick<LaunchPlan, 'app'>): Promise<Seen> {
  const { statusLine, observed, head } = await attemptPlain(target, { deadlineMs })
  return {
    scheme: 'http',
    tls: null,
    isCrowdedOut: false,
    checks: [
      check('scheme', {
        passed: statusLine !== null,
        expected: 'plain HTTP',
        // The probe asks for nothing, so its status is an error (400), and would read like a failure.
        observed: statusLine === null ? observed : `plain HTTP (${statusLine.split(' ', 1)[0]})`,
      }),
      ...appChecks(head, plan),
    ],
  }
}

async function verifyTls(
  target: ProbeTarget,
  { tls, https, app }: { tls: PlannedTls } & Pick<LaunchPlan, 'https' | 'app'>,
): Promise<Seen> {
  const stranger = tls.clientAuth === 'none' ? null : await strangerCertificate()
  const plain = await attemptPlain(target, { deadlineMs })
  const checks = [
    check('no-plain-http', {
      passed: !/^HTTP\/\d\.\d [23]/.test(plain.statusLine ?? ''),
      expected: 'no success for plain HTTP',
      observed: plain.observed,
    }),
  ]

  const naked = await attemptTls(target, { ...clientOffer(tls), deadlineMs })
  const facts = naked.tls
  checks.push(
    check('scheme', {
      passed: facts !== null,
      expected: 'HTTP over TLS',
      observed: facts ? `TLS (${facts.version})` : describe(naked),
    }),
    check('certificate', {
      passed: tls.chains.some(({ leaf }) => leaf.fingerprint256 === facts?.fingerprint256),
      expected: tls.chains.map(({ leaf }) => leaf.fingerprint256).join(' or '),
      observed: facts?.fingerprint256 ?? describe(naked),
    }),
  )
  checks.push(...appChecks(naked.head, { app }))
  if (facts) {
    const known = tls.chains.length === 1 ? facts.version : null
    // What one client was shown wrongly, the others would be too.
    if (checks.every(({ passed }) => passed))
      checks.push(
        ...(await chainChecks(target, {
          name: tls.chains.length === 1 ? 'versions' : 'certificate',
          chains: tls.chains,
          tls,
          known,
          deadlineMs,
        })),
      )
    const highest = tlsVersions.findLast((version) =>
      tls.chains.some(({ versions }) => versions.includes(version)),
    )
    checks.push(
      check('max-version', {
        passed: facts.version === highest,
        expected: highest ?? tls.maxVersion,
        observed: facts.version,
      }),
    )
    if (naked.completed)
      checks.push(
        check('alpn', {
          passed: facts.alpn === target.protocol,
          expected: target.protocol,
          observed: facts.alpn ?? 'none',
        }),
      )
    checks.push(...(await protocolChecks(target, { tls, https, deadlineMs })))
    checks.push(...(await cipherChecks(target, { tls, deadlineMs })))
    checks.push(...(await negotiationChecks(target, { tls, deadlineMs })))
    checks.push(...(await hostChecks(target, { tls, deadlineMs })))
    checks.push(await versionFloor(target, tls))
  }
  if (stranger && facts) checks.push(...(await clientAuthChecks(target, { tls, naked, stranger })))
  return { scheme: 'https', tls: facts, checks, isCrowdedOut: isCrowdedOut(naked, target) }
}

/** One version below the floor must be refused. */
async function versionFloor(
  target: ProbeTarget,
  { minVersion, ciphers }: PlannedTls,
): Promise<VerificationCheck> {
  const below = minVersion === 'TLSv1.3' ? 'TLSv1.2' : 'TLSv1.1'
  const attempt = await attemptTls(target, {
    minVersion: 'TLSv1',
    maxVersion: below,
    ciphers: below === 'TLSv1.2' ? `${ciphers}:${anyCipher}` : anyCipher,
    deadlineMs,
  })
  return check('min-version', {
    passed: attempt.outcome === 'refused',
    expected: `no ${below}`,
    observed: describe(attempt),
  })
}

async function clientAuthChecks(
  target: ProbeTarget,
  {
    tls,
    naked,
    stranger,
  }: { tls: PlannedTls; naked: TlsAttempt; stranger: { cert: string; key: string; derBytes: number } },
): Promise<VerificationCheck[]> {
  const shown = await attemptTls(target, {
    ...clientOffer(tls),
    cert: stranger.cert,
    key: stranger.key,
    deadlineMs,
  })
  const asked = shown.bytesSent - naked.bytesSent > stranger.derBytes / 2
  const checks = [
    check('client-auth-asks', {
      passed: asked,
      expected: 'a request for a client certificate',
      observed: asked ? 'a request for a client certificate' : 'no request',
    }),
  ]
  const mustRefuse = tls.clientAuth === 'require'
  const verdict = (name: string, attempt: TlsAttempt): VerificationCheck =>
    check(name, {
      passed: (attempt.outcome === 'refused') === mustRefuse,
      expected: mustRefuse ? 'refused' : 'served',
      observed: describe(attempt),
    })
  return [
    ...checks,
    verdict('client-without-certificate', naked),
    verdict('client-with-strange-certificate', shown),
  ]
}

function check(name: string, verdict: Omit<VerificationCheck, 'name'>): VerificationCheck {
  return { name, ...verdict }
}

function describe(attempt: TlsAttempt): string {
  return attempt.outcome === 'served' && attempt.tls
    ? `served (${attempt.tls.version}, ${attempt.tls.cipher})`
    : `${attempt.outcome} (${attempt.reason})`
}
