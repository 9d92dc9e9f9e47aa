import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { openRaw } from '../../clients/http/raw-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const app = fileURLToPath(new URL('../../apps/brought-server-app.js', import.meta.url))
const ownTls = fileURLToPath(new URL('../../apps/own-tls-app.js', import.meta.url))

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

function upgrade(more = ''): string {
  return `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n${more}\r\n`
}

function expecting(more = ''): string {
  return `POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 0\r\n${more}\r\n`
}

async function answer(
  address: { host: string; port: number },
  asked: string,
  until: string,
): Promise<string> {
  const connection = await openRaw(address)
  connection.send(asked)
  await connection.until(until, 5_000)
  connection.destroy()
  return connection.received()
}

export const broughtServerCases: readonly ConformanceCase[] = [
  {
    id: 'app/server/check-continue-replaces-the-automatic-100',
    level: 'MUST',
    requirement:
      'If an exported http.Server listens to `checkContinue`, the server does not send 100 by itself, and the listener decides.',
    source: 'RFC 9110 section 10.1.1; docs/app-contract.md',
    observes: ['app'],
    async run({ start }) {
      const subject = await start({ app })
      const refused = await answer(subject, expecting(), 'no token')
      assert.match(refused, /^HTTP\/1\.1 401 /)
      assert.match(
        await answer(subject, expecting('X-Token: good\r\n'), 'request'),
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
      )
    },
  },
  {
    id: 'app/server/a-setting-holds-unless-the-user-sets-it',
    level: 'MUST',
    requirement: 'The server uses a setting of an exported http.Server unless the user sets the option.',
    source: 'docs/app-contract.md',
    observes: ['app', 'timeouts.keepAlive'],
    async run({ start }) {
      const asTheApp = await start({ app })
      assert.match(await answer(asTheApp, get, 'request'), /\r\nKeep-Alive: timeout=40\r\n/)
      const asTheUser = await start({ app, timeouts: { keepAlive: '7s' } })
      assert.match(await answer(asTheUser, get, 'request'), /\r\nKeep-Alive: timeout=7\r\n/)
    },
  },
  {
    id: 'app/server/an-upgrade-meets-the-limits',
    level: 'MUST',
    requirement:
      'The server applies limits and health paths to upgrades too, and treats an upgrade to a version of HTTP as a request.',
    source: 'RFC 9110 section 7.8; docs/app-contract.md',
    observes: ['limits.headerCount', 'health.ready'],
    contract: ['upgrade/health path'],
    async run({ start }) {
      const subject = await start({ app, limits: { headerCount: 10 }, health: { ready: '/ready' } })
      assert.match(await answer(subject, upgrade(), 'upgraded'), /^HTTP\/1\.1 101 /)
      assert.match(await answer(subject, upgrade('A: b\r\n'.repeat(20)), '431'), /^HTTP\/1\.1 431 /)
      assert.match(await answer(subject, upgrade().replace('/', '/ready'), 'ready\n'), /^HTTP\/1\.1 200 /)
      assert.match(await answer(subject, upgrade().replace('echo', 'h2c'), 'request'), /^HTTP\/1\.1 200 /)
    },
  },
  {
    id: 'app/server/tls-of-its-own-is-refused',
    level: 'MUST',
    requirement:
      'A launch with an exported server that terminates TLS itself is refused, because its settings would have no effect.',
    source: 'DESIGN: honour or refuse; docs/app-contract.md',
    observes: ['app'],
    async run({ startRefused }) {
      const failure = await startRefused({ app: ownTls })
      assert.equal(failure.code, 'LOCKSTEP_ERR_APP_TLS')
    },
  },
]
