import assert from 'node:assert/strict'
import type { ConnectionOptions } from 'node:tls'
import { poll } from '../../clients/poll.ts'
import { exchangeWithSession } from '../../clients/tls/session-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const versions: readonly ConnectionOptions[] = [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }]

export const tlsSessionCases: readonly ConformanceCase[] = [
  {
    id: 'tls/session-tickets/off-resumes-nothing',
    level: 'MUST',
    requirement: 'Without session tickets, the server resumes no session.',
    source: 'RFC 5077; RFC 8446 section 2.2; docs/options.md: tls.sessionTickets',
    observes: ['tls.sessionTickets'],
    async run({ start, certificates: { server } }) {
      const tls = { cert: server.certFile, key: server.keyFile }
      const usual = await start({ tls })
      const without = await start({ tls: { ...tls, sessionTickets: false } })
      for (const version of versions) {
        for (const [subject, resumed] of [
          [usual, true],
          [without, false],
        ] as const) {
          const { session } = await exchangeWithSession(subject, version)
          const second = await exchangeWithSession(subject, { ...version, ...(session && { session }) })
          assert.deepEqual([second.status, second.resumed], [200, resumed])
        }
      }
    },
  },
  {
    id: 'tls/session-timeout/ends-a-session',
    level: 'MUST',
    requirement: 'The server resumes a session within its timeout and not after it.',
    source: 'RFC 8446 section 4.6.1; docs/options.md: tls.sessionTimeout',
    observes: ['tls.sessionTimeout'],
    async run({ start, certificates: { server } }) {
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, sessionTimeout: '3s' },
      })
      for (const version of versions) {
        const { session } = await exchangeWithSession(subject, version)
        assert.ok(session, 'it gave no session')
        const again = async (): Promise<boolean> =>
          (await exchangeWithSession(subject, { ...version, session })).resumed
        assert.equal(await again(), true)
        await poll(again, { until: (resumed) => !resumed, what: 'the session to run out' })
      }
    },
  },
]
