import assert from 'node:assert/strict'
import { request } from '../../../clients/http/node-client.ts'
import { openRaw } from '../../../clients/http/raw-connection.ts'
import { poll } from '../../../clients/poll.ts'
import { type ContractCase, contractApp } from './contract-case.ts'

const app = contractApp('server')
const source = 'docs/app-contract.md'
type Address = { readonly host: string; readonly port: number }

function message(method: string, path: string, ...fields: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, ...fields, '', ''].join('\r\n')
}

/** What comes back on a connection of its own, until this text or the end of the connection. */
async function exchange(address: Address, sent: string, until: string | null): Promise<string> {
  const connection = await openRaw(address)
  connection.send(sent)
  if (until === null) await connection.closedByPeer(5_000)
  else await connection.until(until, 5_000)
  connection.destroy()
  return connection.received()
}

interface Report {
  readonly seen: readonly string[]
  readonly [fact: string]: unknown
}

async function report(address: Address, tls?: object): Promise<Report> {
  return JSON.parse((await request({ ...address, path: '/report', ...(tls && { tls }) })).body) as Report
}

export const serverCases: readonly ContractCase[] = [
  {
    id: 'app/server/settings-hold',
    level: 'MUST',
    requirement: 'The settings of an exported http.Server hold for the connections that are served.',
    source,
    observes: ['app'],
    contract: [
      'shape/http.Server',
      'setting/keepAliveTimeout',
      'setting/maxHeaderSize',
      'setting/maxHeadersCount',
      'setting/maxRequestsPerSocket',
      'setting/joinDuplicateHeaders',
      'setting/requireHostHeader',
      'setting/kUniqueHeaders',
      'setting/rejectNonStandardBodyWrites',
      'setting/IncomingMessage',
      'setting/ServerResponse',
      'setting/highWaterMark',
      'member/listening',
      'member/address',
      'member/socket.server',
    ],
    async run({ start }) {
      const subject = await start({ app })
      const many = await exchange(
        subject,
        message('GET', '/report', 'Host: x', `Cookie: ${'a'.repeat(30_000)}`, 'From: a', 'From: b'),
        '}',
      )
      assert.match(many, /^HTTP\/1\.1 200 /, 'maxHeaderSize')
      assert.match(many, /\r\nKeep-Alive: timeout=40, max=7\r\n/, 'keepAliveTimeout, maxRequestsPerSocket')
      assert.match(many, /\r\nX-Joined: a; b\r\n/, 'uniqueHeaders')
      const facts = JSON.parse(/\{.*\}/.exec(many)?.[0] ?? '{}') as Report
      assert.equal(facts['twice'], 'a, b', 'joinDuplicateHeaders')
      assert.equal(facts['highWaterMark'], 20_480, 'highWaterMark')
      for (const fact of ['ownRequest', 'ownResponse', 'sameServer', 'listening', 'address'])
        assert.equal(facts[fact], true, fact)
      const fields = Array.from({ length: 40 }, (_, index) => `X-${index}: a`)
      assert.match(
        await exchange(subject, message('GET', '/', 'Host: x', ...fields), '431'),
        /^HTTP\/1\.1 431 /,
        'maxHeadersCount',
      )
      assert.match(await exchange(subject, message('GET', '/', 'X-Odd: a'), '}'), /^HTTP\/1\.1 200 /, 'Host')
      await exchange(subject, message('GET', '/no-content', 'Host: x'), '204')
      const { seen } = await report(subject)
      assert.ok(seen.includes('refused a body: true'), 'rejectNonStandardBodyWrites')
    },
  },
  {
    id: 'app/server/settings-may-change',
    level: 'MUST',
    requirement: 'A setting of an exported http.Server holds that the app sets while it serves.',
    source,
    observes: ['app'],
    contract: ['setting/later'],
    async run({ start }) {
      const subject = await start({ app: `${app}:changing` })
      await request({ ...subject, path: '/change' })
      const { headers } = await poll(() => request({ ...subject, headers: [['Connection', 'keep-alive']] }), {
        until: ({ headers }) => headers['keep-alive'] === 'timeout=33',
        what: 'the time that the app has set',
      })
      assert.equal(headers['keep-alive'], 'timeout=33')
    },
  },
  {
    id: 'app/server/listeners-are-called',
    level: 'MUST',
    requirement: 'The listeners of an exported http.Server are called as by Node.',
    source,
    observes: ['app'],
    contract: [
      'event/request',
      'event/checkContinue',
      'event/checkExpectation',
      'event/clientError',
      'event/connect',
      'event/connection',
      'event/dropRequest',
      'event/listening',
      'event/close',
      'event/upgrade',
      'setting/shouldUpgradeCallback',
      'upgrade/any',
      'upgrade/of http',
      'upgrade/handler that fails',
      'upgrade/CONNECT',
      'member/getConnections',
      'member/closeIdleConnections',
      'member/closeAllConnections',
    ],
    async run({ start }) {
      const subject = await start({ app })
      const ask = (sent: string, until: string | null) => exchange(subject, sent, until)
      const post = (...fields: string[]): string =>
        message('POST', '/', 'Host: x', 'Content-Length: 0', ...fields)
      assert.match(await ask(post('Expect: 100-continue'), 'no token'), /^HTTP\/1\.1 401 /)
      assert.match(await ask(post('Expect: tea'), 'odd'), /^HTTP\/1\.1 418 /)
      assert.match(await ask('GARBAGE\r\n\r\n', null), /^HTTP\/1\.1 499 Mine/)
      assert.match(await ask(message('CONNECT', 'a:1', 'Host: a:1'), 'tunnel'), /^HTTP\/1\.1 200 /)
      const upgrade = (path: string, protocol: string): string =>
        message('GET', path, 'Host: x', 'Connection: Upgrade', `Upgrade: ${protocol}`)
      assert.match(await ask(upgrade('/', 'echo'), 'upgraded'), /^HTTP\/1\.1 101 /)
      assert.match(await ask(upgrade('/', 'h2c'), '}'), /^HTTP\/1\.1 200 /)
      assert.match(await ask(upgrade('/not-wanted', 'echo'), '}'), /^HTTP\/1\.1 200 /)
      assert.match(await ask(upgrade('/fails', 'echo'), null), /^HTTP\/1\.1 500 /)
      const pipelined = message('GET', '/', 'Host: x').repeat(8)
      assert.match(await ask(pipelined, ' 503 '), /^(?:HTTP\/1\.1 200 [\s\S]*){7}HTTP\/1\.1 503 /)
      const idle = await openRaw(subject)
      idle.send(message('GET', '/', 'Host: x'))
      await idle.until('}', 5_000)
      assert.ok(Number((await request({ ...subject, path: '/connections' })).body) >= 2, 'getConnections')
      await request({ ...subject, path: '/close-idle' })
      await idle.closedByPeer(5_000)
      assert.equal(
        await ask(message('GET', '/close-all', 'Host: x'), null),
        '',
        'closeAllConnections closes the one that asks, too',
      )
      const { seen } = await report(subject)
      for (const event of [
        ...['listening', 'connection', 'dropRequest', 'clientError', 'connect', 'upgrade'],
        ...['checkContinue', 'checkExpectation'],
      ])
        assert.ok(seen.includes(event), `${event} is missing: ${seen.join(', ')}`)
      await subject.stop()
      await poll(() => subject.stdout(), {
        until: (text) => text.includes('the server of the app was closed'),
        what: 'the event `close`',
        deadlineMs: 2_000,
      })
    },
  },
  {
    id: 'app/server/listeners-for-tls-are-called',
    level: 'MUST',
    requirement: 'An exported http.Server gets the TLS connections that Lockstep accepts or refuses.',
    source,
    observes: ['app'],
    contract: ['event/secureConnection', 'event/tlsClientError'],
    async run({ start, certificates: { server } }) {
      // Its other settings can't be had with HTTP/2.
      const subject = await start({
        app,
        tls: { cert: server.certFile, key: server.keyFile, minVersion: 'TLSv1.3', protocols: ['http/1.1'] },
      })
      await request({ ...subject, tls: { maxVersion: 'TLSv1.2' } })
      const { seen } = await poll(() => report(subject, {}), {
        until: ({ seen }) => seen.includes('tlsClientError'),
        deadlineMs: 2_000,
        what: 'the event `tlsClientError`',
      }).catch(() => report(subject, {}))
      for (const event of ['secureConnection', 'tlsClientError'])
        assert.ok(seen.includes(event), `${event} is missing: ${seen.join(', ')}`)
    },
  },
  {
    id: 'app/server/limits-of-connections-hold',
    level: 'MUST',
    requirement: 'An exported http.Server limits the connections, and gets the event `drop` above the limit.',
    source,
    observes: ['app', 'limits.connections'],
    contract: ['setting/maxConnections', 'event/drop'],
    async run({ start }) {
      const subject = await start({ app: contractApp('server', 'limited') })
      const two = await Promise.all([openRaw(subject), openRaw(subject)])
      for (const one of two) {
        one.send(message('GET', '/', 'Host: x'))
        await one.until(']', 5_000)
      }
      assert.equal(await exchange(subject, message('GET', '/', 'Host: x'), null), '', 'maxConnections')
      const [first] = two
      first.send(message('GET', '/', 'Host: x', 'Connection: close'))
      await first.closedByPeer(5_000)
      assert.match(first.received(), /\["drop"/, 'the event `drop`')
      two[1].destroy()
    },
  },
  {
    id: 'app/server/times-of-connections-hold',
    level: 'MUST',
    requirement: 'An exported http.Server limits the time of idle connections.',
    source,
    observes: ['app'],
    contract: ['setting/timeout', 'setting/httpAllowHalfOpen', 'event/timeout'],
    async run({ start }) {
      const subject = await start({ app: contractApp('server', 'timed') })
      const [idle, halfOpen] = await Promise.all([exchange(subject, '', null), endEarly(subject)])
      assert.equal(idle, 'HTTP/1.1 408 Timed by the app\r\n\r\n', 'timeout')
      assert.match(halfOpen, /late/, 'httpAllowHalfOpen')
    },
  },
  {
    id: 'app/server/times-of-requests-hold',
    level: 'MUST',
    requirement:
      'An exported http.Server limits the time of the headers of a request, and of the whole request.',
    source,
    observes: ['app', 'timeouts.headers', 'timeouts.request'],
    contract: ['setting/headersTimeout', 'setting/requestTimeout'],
    async run({ start }) {
      const heads = await start({ app: contractApp('server', 'slowHeads') })
      const bodies = await start({ app: contractApp('server', 'slowBodies') })
      const [head, body] = await Promise.all([
        trickle(heads, 'GET / HTTP/1.1\r\nX: '),
        trickle(bodies, message('POST', '/', 'Host: x', 'Content-Length: 1000')),
      ])
      assert.match(head, /^HTTP\/1\.1 408 /, 'headersTimeout')
      assert.match(body, /^HTTP\/1\.1 408 /, 'requestTimeout')
    },
  },
  {
    id: 'app/server/web-sockets-alone',
    level: 'MUST',
    requirement:
      'A server whose listeners pass every upgrade to a WebSocket library gets `websocket` alone, and answers a request with 426.',
    source,
    observes: ['app'],
    contract: ['upgrade/web sockets alone', 'upgrade/requests without a listener'],
    async run({ start }) {
      const subject = await start({ app: contractApp('server', 'webSocketsAlone') })
      const upgrade = (protocol: string): Promise<string> =>
        exchange(
          subject,
          message('GET', '/', 'Host: x', 'Connection: Upgrade', `Upgrade: ${protocol}`),
          '\r\n\r\n',
        )
      assert.match(await upgrade('websocket'), /^HTTP\/1\.1 101 /)
      assert.match(await upgrade('echo'), /^HTTP\/1\.1 426 /)
      assert.equal((await request({ ...subject })).status, 426)
    },
  },
  {
    id: 'app/server/settings-that-cannot-hold-are-refused',
    level: 'MUST',
    requirement: 'A launch is refused for each setting of an exported http.Server that cannot be honoured.',
    source,
    observes: ['app'],
    contract: ['setting/insecureHTTPParser', 'setting/pauseOnConnect', 'setting/maxConnections'],
    async run({ startRefused }) {
      const { faults } = await startRefused({ app: contractApp('refused-server') })
      for (const name of ['insecureHTTPParser', 'pauseOnConnect', 'maxConnections'])
        assert.ok(
          faults.some(
            ({ code, message: text }) =>
              code === 'LOCKSTEP_ERR_APP_SERVER_SETTING' && text.includes(`sets ${name},`),
          ),
          `${name} was not refused`,
        )
    },
  },
]

/** Sends a byte now and then, so that the connection is never idle. Resolves with what came back when it is closed. */
async function trickle(address: Address, begin: string): Promise<string> {
  const connection = await openRaw(address)
  connection.send(begin)
  const timer = setInterval(() => connection.send('a'), 100)
  try {
    await connection.closedByPeer(8_000)
    return connection.received()
  } finally {
    clearInterval(timer)
    connection.destroy()
  }
}

/** Ends its side right after the request. */
async function endEarly(address: Address): Promise<string> {
  const connection = await openRaw(address)
  connection.send(message('GET', '/late', 'Host: x'))
  connection.end()
  await connection.closedByPeer(5_000)
  return connection.received()
}
