import assert from 'node:assert/strict'
import type { ContractRowName } from '@lockstep/core/internal'
import { type ContractCase, contractApp } from './contract-case.ts'

/** The settings of TLS that one server brings at once. */
const settings = [
  ...['cert', 'key', 'pfx', 'passphrase', 'requestCert', 'rejectUnauthorized', 'ca', 'crl'],
  ...['minVersion', 'maxVersion', 'secureProtocol', 'ciphers', 'ecdhCurve', 'sigalgs', 'dhparam'],
  ...['honorCipherOrder', 'secureOptions', 'SNICallback', 'addContext', 'ALPNProtocols', 'ALPNCallback'],
  ...['pskCallback', 'sessionTimeout', 'ticketKeys', 'handshakeTimeout', 'clientCertEngine'],
  ...['privateKeyEngine', 'certificateCompression'],
  ...['newSession', 'resumeSession', 'OCSPRequest', 'keylog', 'tlsClientError', 'secureConnection'].map(
    (event) => `a listener for ${event}`,
  ),
]

const others = {
  secureHttp2: 'a server of http2.createSecureServer()',
  plainHttp2: 'a server of http2.createServer()',
  plainTls: 'a tls.Server',
  withTls: 'an object with `tls`',
} as const

export const ownTlsCases: readonly ContractCase[] = [
  {
    id: 'app/server/settings-of-its-tls-are-named',
    level: 'MUST',
    requirement:
      'A launch with a server that ends TLS itself is refused, and the error names each of its settings.',
    source: 'docs/app-contract.md',
    observes: ['app'],
    contract: ['tls/an https.Server', ...settings.map((name) => `tls-setting/${name}` as ContractRowName)],
    async run({ startRefused }) {
      const { code, message } = await startRefused({ app: contractApp('own-tls') })
      assert.equal(code, 'LOCKSTEP_ERR_APP_TLS')
      const named = (/is an https\.Server with (.*?)\. Lockstep/.exec(message)?.[1] ?? '').split(', ')
      assert.deepEqual(
        settings.filter((name) => !named.includes(name)),
        [],
        message,
      )
    },
  },
  ...Object.entries(others).map(
    ([name, kind]): ContractCase => ({
      id: `app/server/refuses-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      level: 'MUST',
      requirement: `A launch with ${kind} is refused.`,
      source: 'docs/app-contract.md',
      observes: ['app'],
      contract: [`tls/${kind}`],
      // It is refused by the same code, whichever way a launch comes in.
      doors: ['command'],
      async run({ startRefused }) {
        const { code, message } = await startRefused({ app: contractApp('own-tls', name) })
        assert.equal(code, 'LOCKSTEP_ERR_APP_TLS')
        assert.ok(message.includes(`is ${kind}`), message)
      },
    }),
  ),
]
