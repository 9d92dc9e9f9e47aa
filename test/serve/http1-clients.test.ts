// Malformed requests over HTTP/1: their answers, their lines in the access log, and how long they hold a connection.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { type LaunchHandle, launch } from '@lockstep/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const folder = temporaryFolder()
const file = join(folder, 'access.log')
const block = Buffer.alloc(4 * 2 ** 20)
let handle: LaunchHandle
let port: number

interface Line {
  readonly method: string | null
  readonly target: string | null
  readonly httpVersion: string | null
  readonly status: number
  readonly complete: boolean
}

function app(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://x')
  if (pathname === '/later') void setTimeout(() => response.end('later'), 100)
  else if (pathname === '/large') response.end(Buffer.concat([block, block, block, block]))
  else if (pathname === '/quiet')
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
  else if (pathname === '/body') request.resume().on('end', () => response.end('body'))
  else response.end(JSON.stringify({ host: request.headers.host, url: request.url, raw: request.rawHeaders }))
}

beforeAll(async () => {
  handle = await launch(
    {
      app,
      port: 0,
      workers: 1,
      log: { level: 'silent' },
      accessLog: { file, format: 'json' },
      health: { live: '/live' },
      timeouts: { keepAlive: '500ms', headers: '2s', request: '3s', send: '700ms' },
    } as never,
    { config: false, envFile: false, environment: false },
  )
  port = Number(new URL(handle.url).port)
})

afterAll(() => handle.stop({ force: true }))

function open(): { socket: Socket; got: () => string; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1')
  let got = ''
  socket.setEncoding('latin1').on('data', (text) => {
    got += String(text)
  })
  socket.on('error', () => {})
  return { socket, got: () => got, closed: new Promise((resolve) => socket.once('close', () => resolve())) }
}

/** Sends bytes, and waits until the server has closed the connection. */
async function send(bytes: string): Promise<{ statuses: number[]; text: string }> {
  const { socket, got, closed } = open()
  socket.write(bytes, 'latin1')
  await closed
  return {
    statuses: [...got().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)),
    text: got(),
  }
}

const lines = (): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line)
    : []

async function lineOf(wanted: Partial<Line>): Promise<void> {
  await waitUntil(
    () =>
      lines().some((line) =>
        Object.entries(wanted).every(([name, value]) => line[name as keyof Line] === value),
      ),
    { what: () => `${JSON.stringify(wanted)} in ${JSON.stringify(lines())}` },
  )
}

const close = 'Connection: close\r\n\r\n'

describe('a request is refused with 400 that has', () => {
  it.each([
    ['no Host', ''],
    ['two Hosts', 'Host: a\r\nHost: b\r\n'],
    ['the same Host twice', 'Host: a\r\nHOST: a\r\n'],
    ['a Host with a space', 'Host: a b\r\n'],
    ['a Host with a path', 'Host: a/b\r\n'],
    ['a Host with a user', 'Host: u@a\r\n'],
    ['a Host with a comma', 'Host: a,b\r\n'],
    ['a Host with a query', 'Host: a?b\r\n'],
    ['a Host with a backslash', 'Host: a\\b\r\n'],
    ['a Host with a port that is not a number', 'Host: a:b\r\n'],
    ['a Host with a port above 65535', 'Host: a:65536\r\n'],
    ['a Host with a port of six digits', 'Host: [::1]:000080\r\n'],
    ['a Host with half an IPv6 address', 'Host: [::1\r\n'],
    ['a Host with bytes above ASCII', 'Host: \xe4\r\n'],
  ])('%s', async (_what, fields) => {
    expect((await send(`GET /refused HTTP/1.1\r\n${fields}${close}`)).statuses).toEqual([400])
    await lineOf({ method: 'GET', target: '/refused', status: 400 })
  })

  it.each([
    ['a target of authority-form', 'GET a:80 HTTP/1.1\r\nHost: a\r\n'],
    ['an asterisk for another method than OPTIONS', 'GET * HTTP/1.1\r\nHost: a\r\n'],
    ['a user in its target', 'GET http://u@a/ HTTP/1.1\r\nHost: a\r\n'],
    ['no host in its target', 'GET http:///a HTTP/1.1\r\nHost: a\r\n'],
  ])('%s', async (_what, head) => {
    expect((await send(`${head}${close}`)).statuses).toEqual([400])
  })
})

it.each([
  'a',
  'A.Example.:8080',
  '127.0.0.1:1',
  'a:',
  'a:00080',
  'a:65535',
  '[::1]:80',
  '[fe80::1%25eth0]',
  'a_b',
  '%C3%A4',
  '',
])('Host: %s is served', async (host) => {
  expect((await send(`GET / HTTP/1.1\r\nHost: ${host}\r\n${close}`)).statuses).toEqual([200])
})

it('the host of an absolute-form target is used, and its health paths are recognised', async () => {
  const { text } = await send(`GET http://other:1/a?b HTTP/1.1\r\nX-A: 1\r\nHost: mine\r\n${close}`)
  expect(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))).toMatchObject({
    host: 'other:1',
    url: 'http://other:1/a?b',
    raw: ['X-A', '1', 'Host', 'other:1', 'Connection', 'close'],
  })
  expect((await send(`GET http://other/live HTTP/1.1\r\nHost: mine\r\n${close}`)).text).toMatch(
    /live\n$|live\n/,
  )
})

describe('a request line with', () => {
  it.each(['HTTP/2.0', 'HTTP/3.0', 'HTTP/1.2', 'HTTP/0.9'])('%s is answered with 505', async (version) => {
    expect((await send(`GET /${version} ${version}\r\nHost: a\r\n${close}`)).statuses).toEqual([505])
    await lineOf({ target: `/${version}`, httpVersion: version.slice(5), status: 505 })
  })

  it.each(['HTTP/1.x', 'http/1.1', 'HTTP/1.1 x', 'HTTP/11'])('%s is answered with 400', async (version) => {
    expect((await send(`GET /a ${version}\r\nHost: a\r\n${close}`)).statuses).toEqual([400])
  })
})

describe('what the parser refuses appears in the access log:', () => {
  it.each([
    {
      name: 'a NUL in a header',
      bytes: 'GET /nul HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n',
      line: { method: 'GET', target: '/nul', httpVersion: '1.1', status: 400 },
    },
    {
      name: 'a space before the colon',
      bytes: 'GET /space HTTP/1.1\r\nHost : a\r\n\r\n',
      line: { target: '/space', status: 400 },
    },
    {
      name: 'two ways to frame a body',
      bytes: 'POST /both HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      line: { method: 'POST', target: '/both', status: 400 },
    },
    {
      name: 'an empty length of the body',
      bytes:
        'POST /empty-length HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhelloGET /never HTTP/1.1\r\n\r\n',
      line: { method: 'POST', target: '/empty-length', status: 400 },
    },
    { name: 'bare LF', bytes: 'GET /lf HTTP/1.1\nHost: a\n\n', line: { target: '/lf', status: 400 } },
    {
      name: 'headers that are too large',
      bytes: `GET /large-headers HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
      line: { target: '/large-headers', status: 431 },
    },
    {
      name: 'what is not a request',
      bytes: '\x16\x03\x01\r\n\r\n',
      line: { method: null, target: null, httpVersion: null, status: 400 },
    },
    {
      name: 'a body with a broken chunk',
      bytes: 'POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      line: { target: '/body', status: 400 },
    },
    {
      name: 'an extension of a chunk that is too large',
      bytes: `POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;${'a'.repeat(20_000)}\r\nhello\r\n`,
      line: { target: '/body', status: 413 },
    },
    { name: 'a head that takes too long', bytes: 'GET /half HTTP/1.1\r\nHost: a\r\n', line: { status: 408 } },
  ])('$name', async ({ bytes, line }) => {
    expect((await send(bytes)).statuses).toEqual([line.status])
    await lineOf(line)
  })
})

describe('pending answers come', () => {
  it('before the refusal of what was sent after their requests', async () => {
    const { statuses, text } = await send(
      'GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /nul HTTP/1.1\r\nHost: a\0\r\n\r\n',
    )
    expect(statuses).toEqual([200, 400])
    expect(text).toMatch(/later[\s\S]*400/)
  })

  it('when more bytes follow the last request of a connection', async () => {
    const { statuses, text } = await send(
      `GET /later HTTP/1.1\r\nHost: a\r\n${close}GET /nul HTTP/1.1\r\nHost: a\r\n\r\n`,
    )
    expect(statuses).toEqual([200])
    expect(text).toContain('later')
  })
})

describe('a connection is not held', () => {
  it.concurrent.each([
    { name: 'by empty lines after an answer', first: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', again: '\r\n' },
    { name: 'by bare line feeds after an answer', first: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', again: '\n' },
    { name: 'by empty lines before a request', first: '\r\n', again: '\r\n' },
    { name: 'by a head that comes byte by byte', first: 'GET / HTTP/1.1\r\nHost: a\r\nX: ', again: 'a' },
    {
      name: 'by the head of a second request that comes byte by byte',
      first: 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX: ',
      again: 'a',
    },
    {
      name: 'by a body that comes byte by byte',
      first: 'POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n',
      again: 'a',
    },
  ])('$name', async ({ first, again }) => {
    const { socket, closed } = open()
    socket.write(first)
    const drip = setInterval(() => socket.writable && socket.write(again), 100)
    try {
      await closed
    } finally {
      clearInterval(drip)
    }
  })
})

describe('an answer', () => {
  it('that the client does not read is cut', async () => {
    const { socket } = open()
    socket.pause()
    socket.write('GET /large?untaken HTTP/1.1\r\nHost: a\r\n\r\n')
    await lineOf({ target: '/large?untaken', complete: false })
    socket.destroy()
  })

  it('that a client reads slowly is not cut', async () => {
    const asked = httpRequest({ port, path: '/large?slow', agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    let bytes = 0
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(bytes).toBe(4 * block.length)
  })

  it('that waits for the app is not cut', async () => {
    const { socket, got } = open()
    socket.write('GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n')
    await waitUntil(() => got().includes('data: 1'), { what: 'the first event' })
    const other = open()
    other.socket.pause()
    other.socket.write('GET /large?beside HTTP/1.1\r\nHost: a\r\n\r\n')
    await lineOf({ target: '/large?beside', complete: false })
    expect(socket.destroyed).toBe(false)
    socket.destroy()
    other.socket.destroy()
  })

  it('over HTTP/2 is cut with its stream when the client opens no window', async () => {
    const { cert, key } = await pairFiles()
    const over2 = await launch(
      {
        app,
        port: 0,
        workers: 1,
        log: { level: 'silent' },
        timeouts: { send: '700ms' },
        tls: { cert, key, protocols: 'h2' },
      } as never,
      { config: false, envFile: false, environment: false },
    )
    try {
      const session = http2.connect(over2.url ?? '', {
        rejectUnauthorized: false,
        settings: { initialWindowSize: 0 },
      })
      session.on('error', () => {})
      const stalled = session.request({ ':path': '/large' })
      stalled.on('error', () => {})
      // PING frames do not count as progress.
      const pings = setInterval(() => session.destroyed || session.ping(() => {}), 50)
      await new Promise((resolve) => stalled.on('close', resolve))
      clearInterval(pings)
      expect(stalled.rstCode).toBe(http2.constants.NGHTTP2_INTERNAL_ERROR)
      session.destroy()
    } finally {
      await over2.stop({ force: true })
    }
  })
})
