import { isIPv6 } from 'node:net'
import type { LaunchPlan } from '@lockstep/core/backend'
import { caddyConnectionPolicy, planTag } from './caddy-connection-policy.ts'

/** A plan as a configuration of Caddy, with the answers of the suite's app. It contains the key, so Caddy reads it from standard input. */
export function caddyConfig(
  plan: LaunchPlan,
  { host, port, pid, folder }: { host: string; port: number; pid: number; folder: string },
): object {
  const { tls } = plan
  const oracle = {
    listen: [`${isIPv6(host) ? `[${host}]` : host}:${port}`],
    protocols: ['h1'],
    automatic_https: { disable: true },
    // With client authentication, Caddy would answer 421 to clients without a server name. Virtual hosts need that; a single host doesn't.
    strict_sni_host: false,
    routes: [
      answer({ path: ['/pid'] }, { pid }),
      answer({ path: ['/tls'], protocol: 'https', ...withClient }, { encrypted: true, authorized: true }),
      answer({ path: ['/tls'], protocol: 'https' }, { encrypted: true, authorized: false }),
      answer({ path: ['/tls'] }, { encrypted: false, authorized: false }),
      answer({}, { app: 'observable', path: '{http.request.uri.path}' }),
    ],
    ...(tls && { tls_connection_policies: [caddyConnectionPolicy(tls)] }),
  }
  return {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: 'file_system', root: folder },
    apps: {
      http: { grace_period: plan.timeouts.gracefulMs * nanosecondsPerMs, servers: { oracle } },
      ...(tls && {
        tls: {
          certificates: {
            load_pem: tls.chains.map(({ cert, key }) => ({ certificate: cert, key, tags: [planTag] })),
          },
        },
      }),
    },
  }
}

/** Durations of Go. */
const nanosecondsPerMs = 1_000_000

/** Matches a client that showed a certificate. Caddy has verified it, because its only policy that requests one also verifies it. */
const withClient = {
  vars_regexp: { '{http.request.tls.client.fingerprint}': { pattern: '^[0-9a-f]{64}$' } },
}

function answer(match: object, facts: Readonly<Record<string, unknown>>): object {
  // The outer braces are literal text, not a placeholder.
  const body = JSON.stringify(facts).replace(/^\{(.*)\}$/, '\\{$1\\}')
  return {
    match: [match],
    handle: [
      {
        handler: 'static_response',
        status_code: 200,
        headers: { 'Content-Type': ['application/json'] },
        body,
      },
    ],
    terminal: true,
  }
}
