import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from '@lockstep/certs'
import { renamedFiles } from '../../certificates/replaceable-pair.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { runClient } from '../../clients/http/run-client.ts'
import { poll } from '../../clients/poll.ts'
import { openSecured } from '../../clients/tls/secured-connection.ts'
import { exchangeWithSession } from '../../clients/tls/session-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { bothProtocols } from '../both-protocols.ts'
import { serverPair } from '../tls/server-pair.ts'

export const tlsTogetherCases: readonly ConformanceCase[] = [
  {
    id: 'tls/passphrase-file/a-wrong-one-is-refused',
    level: 'MUST',
    requirement: 'A launch is refused when the file holds another passphrase than that of the key.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
    observes: ['tls.passphraseFile'],
    run({ mustRefuse, certificates: { encrypted }, folder }) {
      const passphraseFile = join(folder, 'passphrase')
      writeFileSync(passphraseFile, 'another one\n', { mode: 0o600 })
      return mustRefuse(
        { tls: { cert: encrypted.certFile, key: encrypted.keyFile, passphraseFile } },
        'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
      )
    },
  },
  {
    id: 'tls/passphrase-command/one-that-fails-is-refused',
    level: 'MUST',
    requirement: 'A launch is refused when the command that prints the passphrase fails.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
    observes: ['tls.passphraseCommand'],
    run({ mustRefuse, certificates: { encrypted }, folder, runtime }) {
      const script = join(folder, 'fail.mjs')
      writeFileSync(script, 'process.exit(3)')
      const passphraseCommand = `"${runtime.nodePath}" "${runtime.path(script)}"`
      return mustRefuse(
        { tls: { cert: encrypted.certFile, key: encrypted.keyFile, passphraseCommand } },
        'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      )
    },
  },
  {
    id: 'tls/expiry-warning/zero-days-warn-of-nothing',
    level: 'MUST',
    requirement: 'With 0 days, the server does not warn of a certificate that expires tomorrow.',
    source: 'docs/options.md: tls.expiryWarningDays',
    observes: ['tls.expiryWarningDays'],
    async run({ start }) {
      const notAfter = new Date(Date.now() + 30 * 3_600_000)
      const notBefore = new Date(Date.now() - 90 * 86_400_000)
      const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], notBefore, notAfter })
      const subject = await start({ tls: { cert: certPem, key: keyPem, expiryWarningDays: 0 } })
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
      await subject.stop()
      assert.doesNotMatch(subject.stdout() + subject.stderr(), /expires on/)
    },
  },
  {
    id: 'tls/self-signed/obeys-the-other-options',
    level: 'MUST',
    requirement: 'A certificate that Lockstep makes is served with the versions and the HSTS that are set.',
    source: 'docs/options.md: tls.selfSigned',
    observes: ['tls.selfSigned', 'tls.minVersion'],
    async run({ start }) {
      const subject = await start({ tls: { selfSigned: true, minVersion: 'TLSv1.3' } })
      const seen = await request({ ...subject, tls: {} })
      assert.deepEqual([seen.status, seen.tls?.version, seen.tls?.chain], [200, 'TLSv1.3', ['localhost']])
      assert.equal((await request({ ...subject, tls: { maxVersion: 'TLSv1.2' } })).outcome, 'refused')
    },
  },
  {
    id: 'tls/unknown-host/is-rejected-after-a-reload',
    level: 'MUST',
    requirement: 'With reject, the server refuses unknown hosts before and after a reload.',
    source: 'docs/options.md: tls.unknownHost',
    observes: ['tls.unknownHost'],
    async run({ start, folder, certificates: { server, otherServer } }) {
      const files = renamedFiles(folder, server)
      const subject = await start({
        tls: { cert: files.cert, key: files.key, watch: false, unknownHost: 'reject' },
      })
      const isUnknown = async (): Promise<unknown> =>
        (await request({ ...subject, tls: { servername: 'elsewhere.test' } })).outcome
      assert.equal(await isUnknown(), 'refused', 'before the reload')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
      const known = await request({ ...subject, tls: { servername: 'localhost' } })
      assert.equal(known.tls?.fingerprint256, otherServer.fingerprint256)
      assert.equal(await isUnknown(), 'refused', 'after the reload')
    },
  },
  {
    id: 'tls/session-tickets/off-after-a-reload',
    level: 'MUST',
    requirement:
      'Without session tickets, the server resumes no session from before a reload, and none after it.',
    source: 'RFC 8446 section 2.2; docs/options.md: tls.sessionTickets',
    observes: ['tls.sessionTickets'],
    async run({ start, folder, certificates: { server, otherServer } }) {
      const files = renamedFiles(folder, server)
      const subject = await start({
        tls: { cert: files.cert, key: files.key, watch: false, sessionTickets: false },
      })
      const isResumed = async (): Promise<boolean> => {
        const { session } = await exchangeWithSession(subject, {})
        return (await exchangeWithSession(subject, session ? { session } : {})).resumed
      }
      assert.equal(await isResumed(), false, 'before the reload')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
      assert.equal(await isResumed(), false, 'after the reload')
    },
  },
  {
    id: 'tls/session-timeout/is-in-the-ticket',
    level: 'MUST',
    requirement: 'The server says in its ticket how long a session can be resumed.',
    source: 'RFC 5077 section 5.6; docs/options.md: tls.sessionTimeout',
    observes: ['tls.sessionTimeout'],
    needs: ['openssl'],
    async run(context) {
      const { host, port } = await context.start({ tls: { ...serverPair(context), sessionTimeout: '77s' } })
      const { stdout } = await runClient('openssl', ['s_client', '-connect', `${host}:${port}`, '-tls1_2'], {
        input: '',
        deadlineMs: 8_000,
      })
      assert.match(stdout, /session ticket lifetime hint: 77 \(seconds\)/)
    },
  },
  {
    id: 'https/redirect-port/holds-for-every-redirect-address',
    level: 'MUST',
    requirement: 'Redirects from each of two addresses lead to the configured port.',
    source: 'docs/options.md: tls.redirectPort',
    observes: ['tls.redirectPort', 'tls.redirect'],
    async run(context) {
      const ports = [await freePort(), await freePort()]
      const redirect = ports.map((port) => `127.0.0.1:${port}`)
      await context.start({ tls: { ...serverPair(context), redirect, redirectPort: 8443 } })
      for (const port of ports) {
        const seen = await request({ host: '127.0.0.1', port, path: '/x', headers: [['Host', 'localhost']] })
        assert.deepEqual([seen.status, seen.headers['location']], [308, 'https://localhost:8443/x'])
      }
    },
  },
  {
    id: 'https/keylog/holds-those-of-http2',
    level: 'MUST',
    requirement: 'The key log holds the secrets of a connection of HTTP/2.',
    source: 'docs/options.md: tls.keylog',
    observes: ['tls.keylog'],
    async run(context) {
      const keylog = join(context.folder, 'keys.log')
      writeFileSync(keylog, '', { mode: 0o600 })
      const subject = await context.start({ tls: { ...bothProtocols(context), keylog } })
      const connection = await openSecured({ ...subject, tls: { ALPNProtocols: ['h2'] } })
      assert.equal(connection.alpn, 'h2')
      const secrets = connection.secrets()
      assert.ok(secrets.length > 0)
      await poll(() => readFileSync(keylog, 'utf8').split('\n'), {
        until: (lines) => secrets.every((line) => lines.includes(line)),
        what: 'the secrets of the connection in the key log',
      })
      connection.destroy()
    },
  },
]
