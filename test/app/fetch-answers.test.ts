// What an app for the Fetch API returns is sent, or its failure is logged; and it can read each URL that it gets.
import { once } from 'node:events'
import { get } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { exchange } from '../support/exchange.ts'
import { startLockstep } from '../support/lockstep.ts'

const run = (backend: string, ...args: readonly string[]) =>
  startLockstep(['run', 'shapes/fetch-failing.js', '--backend', backend, '--port', '0', ...args])

describe.each(['single', 'cluster'])('an app for the Fetch API under %s', (backend) => {
  it.each([
    { path: '/undefined', says: 'returned undefined, and not a Response' },
    { path: '/text', says: 'returned a string, and not a Response' },
    { path: '/object', says: 'returned an object, and not a Response' },
  ])('gets 500 for what is not a Response, which is logged: $path', async ({ path, says }) => {
    await using server = await run(backend)
    expect(await exchange(server.url, { path })).toMatchObject({
      status: 500,
      body: '500 Internal Server Error\n',
    })
    await server.waitFor(says)
    await server.waitFor(`"target":"${path}"`)
    expect(await exchange(server.url)).toMatchObject({ status: 200 })
  })

  it('gets 500 for a Response that it returns twice', async () => {
    await using server = await run(backend)
    expect(await exchange(server.url, { path: '/used' })).toMatchObject({ status: 200, body: 'sent once' })
    expect(await exchange(server.url, { path: '/used' })).toMatchObject({ status: 500 })
    await server.waitFor('returned a Response whose body was used before')
  })

  it('is cut off when its body fails, and what failed it is logged', async () => {
    await using server = await run(backend)
    await expect(exchange(server.url, { path: '/body' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    await server.waitFor('the body of /body failed on purpose')
    expect(await exchange(server.url)).toMatchObject({ status: 200 })
  })

  it.each(['/no-reason', '/no-reason-later'])(
    'is cut off when its body fails without a reason, which is logged: %s',
    async (path) => {
      await using server = await run(backend)
      await expect(exchange(server.url, { path })).rejects.toMatchObject({ code: 'ECONNRESET' })
      await server.waitFor('The body of the Response failed without a reason')
      await server.waitFor(`"target":"${path}"`)
      expect(await exchange(server.url)).toMatchObject({ status: 200 })
    },
  )
})

describe('over HTTP/2, an app for the Fetch API', () => {
  it('is cut off when its body fails, which is logged, and gets a URL for each host', async () => {
    await using server = await run('single', '--tls-self-signed', '--tls-protocols', 'h2')
    const session = connectHttp2(server.url, { rejectUnauthorized: false })
    try {
      const failing = session.request({ ':path': '/body' })
      await expect(text(failing)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
      await server.waitFor('the body of /body failed on purpose')
      const odd = session.request({ ':path': '/x', ':authority': '1.2.3.4.5' })
      expect(await text(odd)).toBe('_invalid_ 1.2.3.4.5 /x')
    } finally {
      session.destroy()
    }
  })
})

it.each(['single', 'cluster'])('a body that ends is not logged as a failure, under %s', async (backend) => {
  await using server = await run(backend)
  expect(await exchange(server.url, { path: '/ended' })).toMatchObject({ status: 200, body: '' })
  const { body } = await exchange(server.url, { path: '/ended-later' })
  expect(body).toMatch(/^one x{1000000} two$/)
  // The body is not read at all.
  for (const path of ['/ended-later', '/body', '/no-reason-later'])
    expect(await exchange(server.url, { method: 'HEAD', path })).toMatchObject({ status: 200, body: '' })
  server.signal('SIGTERM')
  await server.finished()
  expect(server.stderr()).not.toContain('"level":"error"')
})

it('the failure of a body is logged also in a Response of srvx', async () => {
  await using server = await startLockstep([
    'run',
    'shapes/srvx-failing.js',
    '--backend',
    'single',
    '--port',
    '0',
  ])
  await expect(exchange(server.url, { path: '/web' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  await server.waitFor('The body of the Response failed without a reason')
  expect(await exchange(server.url, { path: '/node' })).toMatchObject({ status: 500 })
  await server.waitFor('the body of /node failed on purpose')
  const { stderr } = server
  const before = stderr()
  expect(await exchange(server.url)).toMatchObject({ status: 200, body: 'whole' })
  expect(stderr()).toBe(before)
})

it('a body that fails because its client has left is not logged as a failure', async () => {
  await using server = await run('single')
  const request = get(new URL('/left', server.url))
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream]
  await once(response, 'data')
  request.destroy()
  await server.waitFor('saw the client leave')
  await exchange(server.url)
  expect(server.stderr()).not.toContain('the app failed')
})

it.each(['1.2.3.4.5', 'shop.1:8080', '999.1.1.1'])(
  'the URL of a request can be read if its client names a host that no URL has: %s',
  async (host) => {
    await using server = await run('single')
    expect(await exchange(server.url, { path: '/x', headers: { Host: host } })).toMatchObject({
      status: 200,
      body: `_invalid_ ${host} /x`,
    })
    expect(server.stderr()).toBe('')
  },
)
