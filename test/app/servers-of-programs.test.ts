import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

/** Writes a program; the port for its server is in `APP_PORT`. */
function writeProgram(source: string, name = 'app.mjs'): string {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, source)
  return file
}

const http = "import http from 'node:http'\nconst port = Number(process.env.APP_PORT)\n"
const metrics = "http.createServer((_, response) => response.end('metrics')).listen(port)"
const pause = 'const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))\n'

describe.each(['single', 'cluster'])('the server of a program, under %s', (backend) => {
  const start = async (source: string, name?: string) => {
    const port = await freePort()
    const server = await startLockstep(['run', writeProgram(source, name), '--backend', backend], {
      env: { APP_PORT: String(port) },
    })
    return { server, port }
  }

  it.each([
    {
      what: 'start()',
      source: `export default (request, response) => response.end('app')
export async function start() { ${metrics} }`,
    },
    {
      what: 'a factory',
      source: `export default async () => { ${metrics}; return (request, response) => response.end('app') }`,
    },
    {
      what: 'a promise',
      source: `const make = async () => { ${metrics}; return (request, response) => response.end('app') }
export default make()`,
    },
    {
      what: 'start(), which goes on after that,',
      source: `${pause}export default (request, response) => response.end('app')
export async function start() { ${metrics}; await pause(30_000) }`,
    },
  ])('a server that $what opens does not replace the exported app', async ({ source }) => {
    const port = await freePort()
    await failedLaunch(['run', writeProgram(http + source), '--backend', backend], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: ['exports an app, and lets another HTTP server listen', '--app-port'],
      env: { APP_PORT: String(port) },
      ports: [port],
    })
  })

  it('is served when it takes requests only once it listens', async () => {
    const { server } = await start(`${http}const server = http.createServer()
await new Promise((resolve) => server.listen(port, resolve))
server.on('request', (_, response) => response.end('attached'))`)
    await using _ = server
    expect(await textOf(server.url)).toBe('attached')
  })

  it('ends the process when its callback fails once it is served', async () => {
    const { server } = await start(`${http}${pause}
http.createServer((_, response) => response.end('app')).listen(port, async () => {
  await pause(2_500)
  throw new Error('no database')
})`)
    await using _ = server
    await server.waitFor('no database')
    if (backend === 'single') expect(await server.finished()).not.toMatchObject({ code: 0 })
    else await server.waitFor(/worker \d+ .*(?:crash|ended|died|exit)/)
  })
})

describe('a program that closes its server', () => {
  it('may do it twice, and gets the error of Node for the second time', async () => {
    const port = await freePort()
    const file =
      writeProgram(`${http}const server = http.createServer((_, response) => response.end('app')).listen(port)
server.on('close', () => console.log('event close'))
process.on('SIGTERM', () => {
  server.close((error) => console.log('first', error?.code))
  server.close((error) => console.log('second', error?.code))
})`)
    await using server = await startLockstep(['run', file, '--backend', 'single'], {
      env: { APP_PORT: String(port) },
    })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(
      server
        .stdout()
        .split('\n')
        .filter((line) => /^(?:event|first|second)/.test(line)),
    ).toEqual(['event close', 'first undefined', 'second ERR_SERVER_NOT_RUNNING'])
  })
})

it('a callback of close() that fails keeps no other from being called', async () => {
  const port = await freePort()
  const file =
    writeProgram(`${http}const server = http.createServer((_, response) => response.end('app')).listen(port)
process.on('uncaughtException', ({ message }) => console.log('uncaught', message))
process.on('SIGTERM', () => {
  server.close(() => { throw new Error('in close') })
  server.close(() => console.log('second'))
})`)
  await using server = await startLockstep(['run', file, '--backend', 'single'], {
    env: { APP_PORT: String(port) },
  })
  server.signal('SIGTERM')
  expect(await server.finished()).toMatchObject({ code: 0 })
  expect(server.stdout()).toContain('uncaught in close')
  expect(server.stdout()).toContain('second')
})

it('the port of plain TCP is named when the boot takes too long before that', async () => {
  const port = await freePort()
  const file = writeProgram(`import net from 'node:net'
net.createServer().listen(Number(process.env.APP_PORT), '127.0.0.1')`)
  await failedLaunch(['run', file, '--backend', 'single', '--boot-timeout', '800ms'], {
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    says: [`It is not an HTTP server that listens: listen(${port}, '127.0.0.1')`],
    hides: ['Something else'],
    env: { APP_PORT: String(port) },
    ports: [port],
  })
})

describe.each(['single', 'cluster'])('a program whose server cannot be served, under %s', (backend) => {
  const flags = ['--backend', backend, '--workers', '1', '--boot-timeout', '1500ms']

  it('is refused with the address where it listens in a thread, and with a cure that works', async () => {
    const port = await freePort()
    const file = writeProgram(`import { Worker } from 'node:worker_threads'
const source = "require('node:http').createServer((_, response) => response.end('thread'))" +
  ".listen(Number(process.env.PORT ?? process.env.APP_PORT), '127.0.0.1')"
new Worker(source, { eval: true })`)
    await failedLaunch(['run', file, ...flags], {
      code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
      says: [
        `Something else in its process listens: 127.0.0.1:${port}.`,
        'or start the program with `lockstep exec -- node FILE`.',
      ],
      env: { APP_PORT: String(port) },
      ports: [port],
    })
    // A check under single is made in a process with servers of the launcher.
    if (backend === 'cluster')
      expect(await runLockstep(['check', file, ...flags], { env: { APP_PORT: String(port) } })).toMatchObject(
        {
          code: 3,
          stderr: expect.stringContaining(`Something else in its process listens: 127.0.0.1:${port}.`),
        },
      )
    await using server = await startLockstep(['exec', '--port', '0', '--', process.execPath, file])
    expect(await textOf(server.url)).toBe('thread')
  })

  it('is refused with the port of --app-port where it listens: HTTP, and HTTP/2 as of gRPC', async () => {
    for (const protocol of ['http', 'http2']) {
      const port = await freePort()
      const file = writeProgram(`import http from 'node:${protocol}'
http.createServer().listen(Number(process.env.APP_PORT), '127.0.0.1')`)
      await failedLaunch(['run', file, ...flags, '--app-port', String(port)], {
        code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
        says: [
          `It listens at a port of --app-port, which is never served: 127.0.0.1:${port}.`,
          `If that is the app, leave --app-port ${port} out.`,
          'it can serve no gRPC',
        ],
        hides: ['Something else'],
        env: { APP_PORT: String(port) },
        ports: [port],
      })
    }
  })
})

it('a port of plain TCP that stays open while the program boots is refused', async () => {
  const port = await freePort()
  const file = writeProgram(`import net from 'node:net'
net.createServer().listen(Number(process.env.APP_PORT), '127.0.0.1')`)
  await failedLaunch(['run', file, '--backend', 'single', '--boot-timeout', '20s'], {
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    says: [`listen(${port}, '127.0.0.1')`],
    env: { APP_PORT: String(port) },
    ports: [port],
  })
})

describe.each(['single', 'cluster'])('settings and closing of a server, under %s', (backend) => {
  const start = async (source: string, name?: string) => {
    const port = await freePort()
    const workers = backend === 'cluster' ? ['--workers', '2'] : []
    return startLockstep(['run', writeProgram(source, name), '--backend', backend, ...workers], {
      env: { APP_PORT: String(port) },
    })
  }

  it('settings that come once it listens hold', async () => {
    await using server =
      await start(`${http}const server = http.createServer((_, response) => response.end('app'))
await new Promise((resolve) => server.listen(port, resolve))
server.keepAliveTimeout = 77_000
server.maxRequestsPerSocket = 2`)
    await server.waitFor('changed settings of the server of the app are used')
    const response = await fetch(server.url)
    expect(response.headers.get('keep-alive')).toBe('timeout=77, max=2')
  })

  it('settings that come while it serves hold, also on connections that are open', async () => {
    await using server = await start(`${http}const server = http.createServer((request, response) => {
  if (request.url === '/change') server.keepAliveTimeout = 77_000
  if (request.url === '/back') setTimeout(() => { server.keepAliveTimeout = 5_000 }, 10)
  response.end('app')
}).listen(port)`)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const keptFor = async (path: string): Promise<string | undefined> => {
      const [response] = (await once(get(`${server.url}${path}`, { agent }), 'response')) as [IncomingMessage]
      await response.resume().toArray()
      return response.headers['keep-alive']?.toString()
    }
    const before = await keptFor('')
    for (const [path, expected] of [
      ['change', 'timeout=77'],
      ['back', before],
    ] as const) {
      await keptFor(path)
      await waitUntil(async () => (await keptFor('')) === expected, { what: `keep-alive: ${expected}` })
    }
    agent.destroy()
    await server.waitFor('changed settings of the server of the app are used')
  })

  it('a setting that can no longer change is an error in the log', async () => {
    await using server = await start(`${http}const server = http.createServer((request, response) => {
  server.connectionsCheckingInterval = 10
  response.end('app')
}).listen(port)`)
    expect(await textOf(server.url)).toBe('app')
    await server.waitFor('a setting of the server of the app has no effect')
    await server.waitFor('sets connectionsCheckingInterval once it listens')
  })

  it('a program that starts itself is not started twice by its export', async () => {
    await using server = await start(
      `const http = require('node:http')
async function main() {
  console.log('main is called')
  await new Promise((resolve) => setTimeout(resolve, 300))
  http.createServer((_, response) => response.end('once')).listen(Number(process.env.APP_PORT))
}
if (require.main === module) main()
module.exports = main`,
      'app.cjs',
    )
    expect(await textOf(server.url)).toBe('once')
    expect(server.stdout().match(/main is called/g)).toHaveLength(backend === 'single' ? 1 : 2)
  })
})

describe('a server that listens once its app is served by its export', () => {
  const listensLate = (after: string, when = 'setTimeout(listen, 50)') => `${http}
const app = (request, response) => {
  if (request.url === '/listen') listen()
  response.end('app')
}
export default app
const listen = () => {
  const server = http.createServer(app).listen(port, () => console.log('late listens', server.address().port))
  server.on('error', (error) => console.log('late', error.code))
  ${after}
}
${when}`
  const start = async (source: string) =>
    startLockstep(['run', writeProgram(source), '--backend', 'single', '--port', '0'], {
      env: { APP_PORT: String(await freePort()) },
    })

  it('is closed with what it has started', async () => {
    await using server = await start(
      listensLate(
        "process.on('SIGTERM', () => server.close(() => { console.log('closed'); process.exit(0) }))",
      ),
    )
    await server.waitFor(`late listens ${server.port}`)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).toContain('closed')
  })

  it('ends the server when the app closes it', async () => {
    await using server = await start(
      listensLate("setTimeout(() => server.close(() => console.log('closed')), 2_000)"),
    )
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).toContain('closed')
  })

  it.each(['server.keepAliveTimeout = 65_000', "server.on('upgrade', () => {})"])(
    'is refused with what would be lost: %s',
    async (after) => {
      await using server = await start(listensLate(after, ''))
      await textOf(`${server.url}listen`)
      await server.waitFor('late LOCKSTEP_ERR_APP_LISTENS_ITSELF')
      expect(server.stdout()).not.toContain('late listens')
    },
  )

  it('may be the server that is exported, with its settings', async () => {
    await using server = await start(`${http}
const server = http.createServer({ keepAliveTimeout: 72_000 }, (request, response) => response.end('own'))
export default server
setTimeout(() => server.listen(port, () => console.log('late listens', server.address().port)), 1_500)`)
    expect(await textOf(server.url)).toBe('own')
    await server.waitFor(`late listens ${server.port}`)
  })
})
