import type { ServerBackend } from '@lockstep/core'
import { honoured, refused } from '@lockstep/core/backend'
import { caddyConfig } from './caddy-config.ts'
import { isForGo } from './caddy-connection-policy.ts'
import { oracleSupport } from './oracle-support.ts'
import { startProgram } from './start-program.ts'

/** The real Caddy, which uses Go's TLS library, started with a configuration made from the plan. */
export default {
  name: 'caddy',
  support: oracleSupport('Caddy', {
    workers: (count) =>
      count === 1 ? honoured('one process') : refused('Caddy is one process', 'Leave it at 1.'),
    'tls.ca': honoured('client_authentication: trusted_ca_certs'),
    'tls.clientAuth': (mode) =>
      mode === 'request'
        ? refused(
            'Caddy verifies no client in the mode request, and ends the handshake of an unknown client in verify_if_given',
            'Require a certificate, or none.',
          )
        : honoured('client_authentication: require_and_verify'),
    'tls.minVersion': honoured('protocol_min'),
    'tls.maxVersion': honoured('protocol_max'),
    'tls.ciphers': (list) =>
      list === null || isForGo(list)
        ? honoured('cipher_suites')
        : refused('Go takes the suites of a list in an order of its own', 'Name one that Go has.'),
    'tls.ciphersuites': (list) =>
      list === null
        ? honoured('all three of TLS 1.3')
        : refused('the suites of TLS 1.3 cannot be configured in Go', 'Leave it out.'),
  }),
  start: (plan, { signal }) =>
    startProgram(plan, {
      signal,
      programFor: (address) => ({
        name: 'caddy',
        args: ['run', '--config', '-'],
        input: (pid) => JSON.stringify(caddyConfig(plan, { ...address, pid, folder: process.cwd() })),
        workersIn: (log, pid) => (log.includes('serving initial configuration') ? [pid] : []),
        // caddyserver.com/docs/command-line#signals
        signals: { graceful: 'SIGTERM', now: 'SIGQUIT' },
      }),
    }),
} satisfies ServerBackend
