import { describe, expect, it } from 'vitest'
import { exchange, header } from '../support/exchange.ts'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'

describe.each([
  { backend: 'single', args: ['--backend', 'single', '--port', '0'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '2', '--port', '0'] },
])('under $backend', ({ args }) => {
  it.each([
    { what: 'the default export of Bun', app: 'bun.js', kind: '{ fetch }' },
    { what: 'the default export of Deno', app: 'deno.ts', kind: '{ fetch }' },
    {
      what: 'an export named handler with a third parameter',
      app: 'middleware.js',
      kind: '(req, res, next)',
    },
    { what: 'the server of { app, server }', app: 'commonjs/app-and-server.js', kind: 'http.Server' },
    { what: 'the app beside a server that is not one of Node', app: 'commonjs/names.js', kind: '(req, res)' },
    { what: 'one of two exports by its name', app: 'ambiguous.js:handler', kind: '(req, res)' },
  ])('$what is served', async ({ app, kind }) => {
    await using server = await startLockstep(['run', `shapes/${app}`, ...args, '--log-level', 'debug'])
    const answer = await exchange(server.url, { path: '/hello?to=you' })
    expect(answer).toMatchObject({
      status: 200,
      body: app.startsWith('ambiguous') ? 'handler\n' : 'hello you\n',
    })
    expect(server.stderr()).toContain(`"app":${JSON.stringify(kind)}`)
  })

  it('what a middleware passes on ends as under Connect, and a failure of the server is logged', async () => {
    await using server = await startLockstep(['run', 'shapes/middleware.js', ...args])
    const ask = (path: string) => exchange(server.url, { path })
    expect(await ask('/next')).toMatchObject({ status: 404, body: 'Not Found\n' })
    expect(await ask('/fails/403')).toMatchObject({ status: 403, body: 'Forbidden\n' })
    expect(server.stderr()).not.toContain('failed on purpose')
    expect(await ask('/fails/503')).toMatchObject({ status: 503, body: 'Service Unavailable\n' })
    expect(await ask('/fails')).toMatchObject({ status: 500 })
    expect(await ask('/rejects')).toMatchObject({ status: 500 })
    await server.waitFor(/(failed on purpose[\s\S]*){3}/)
    expect(await ask('/hello?to=you')).toMatchObject({ status: 200 })
  })

  it('the app of Bun learns who the client is, and answers for its own failures', async () => {
    await using server = await startLockstep(['run', 'shapes/bun.js', ...args])
    expect(await exchange(server.url, { path: '/fails' })).toMatchObject({
      status: 503,
      body: 'caught: the app fails on purpose\n',
    })
    const { body } = await exchange(server.url, { path: '/client' })
    expect(JSON.parse(body)).toMatchObject({ address: '127.0.0.1', family: 'IPv4' })
  })

  it('the app of Bun is served at its port and host, which a flag overrides', async () => {
    const port = await freePort()
    const env = { TEST_PORT: String(port) }
    const own = args.slice(0, -2)
    await using server = await startLockstep(['run', 'shapes/bun-port.js', ...own], { env })
    expect(server.url).toBe(`http://127.0.0.1:${port}/`)
    expect(await exchange(server.url)).toMatchObject({ status: 200, body: 'at its port\n' })
    await using other = await startLockstep(['run', 'shapes/bun-port.js', ...args], { env })
    expect(other.port).not.toBe(port)
  })

  it('the app of Deno learns who the client is', async () => {
    await using server = await startLockstep(['run', 'shapes/deno.ts', ...args])
    const { body } = await exchange(server.url, { path: '/client' })
    expect(JSON.parse(body)).toEqual({ address: '127.0.0.1' })
  })

  it('the settings of the server in { app, server } count', async () => {
    await using server = await startLockstep(['run', 'shapes/commonjs/app-and-server.js', ...args])
    const answer = await exchange(server.url, {
      path: '/hello?to=you',
      headers: { Connection: 'keep-alive' },
    })
    expect(header(answer, 'Keep-Alive')).toBe('timeout=4')
  })
})

describe('is refused by name:', () => {
  it.each([
    { name: 'withWebSocket', says: ['sets websocket beside fetch', 'a WebSocketServer of ws'] },
    { name: 'withRoutes', says: ['sets routes beside fetch', 'Answer these paths in `fetch`'] },
    {
      name: 'withLimits',
      says: ['sets idleTimeout, maxRequestBodySize beside fetch', '--keep-alive', 'Count the bytes'],
    },
    { name: 'withSocket', says: ['sets unix beside fetch', '--bind unix:PATH'] },
  ])('a setting of Bun that cannot be honoured ($name)', async ({ name, says }) => {
    await failedLaunch(['run', `shapes/bun-settings.js:${name}`], {
      code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
      says,
    })
  })

  it('a port of Bun that is not a port', async () => {
    await failedLaunch(['run', 'shapes/bun-port.js'], {
      env: { TEST_PORT: '99999' },
      code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
      says: ['sets port beside fetch to 99999', 'use --port'],
    })
  })

  it('a program that calls Deno.serve(), with the form that both serve', async () => {
    await failedLaunch(['run', 'shapes/deno-serve.js'], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ['Deno is not defined', 'export default { fetch: handler }'],
    })
  })

  it('a module whose exports may each be the app', async () => {
    await failedLaunch(['run', 'shapes/ambiguous.js'], {
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: [
        'exports several that may be the app (app, handler)',
        'ambiguous.js:app` or',
        'ambiguous.js:handler`',
      ],
    })
  })

  it('a function that handles errors', async () => {
    await failedLaunch(['run', 'shapes/error-handler.js'], {
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['a function with 4 parameters', 'handles errors of an app'],
    })
  })
})
