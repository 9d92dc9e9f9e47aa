import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort, holdPort } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const single = ['--backend', 'single']
const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

/** Starts a program of `fixtures/listens/`, which finds the port for its `listen()` in `APP_PORT`. */
async function startProgram(file: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const port = await freePort()
  const server = await startLockstep(
    ['run', `listens/${file}`, ...(args.includes('--backend') ? [] : single), ...args],
    {
      env: { APP_PORT: String(port), ...env },
    },
  )
  return { server, port }
}

describe('a program that listens by itself', () => {
  it.each([
    'plain.cjs',
    'express.cjs',
    'koa.cjs',
    'fastify.mjs',
    'fastify-plugin.cjs',
    'late.mjs',
    'named-export.mjs',
    'exclusive.mjs',
    'listeners-later.mjs',
  ])('is served where it listens: %s', async (file) => {
    const { server, port } = await startProgram(file)
    await using _ = server
    expect(server.port).toBe(port)
    expect(await textOf(`http://127.0.0.1:${port}/`)).toBe(file.split('.')[0])
  })

  it('is served at the port of the option instead, and binds no other', async () => {
    const { server, port } = await startProgram('express.cjs', ['--port', '0', '--host', '127.0.0.1'])
    await using _ = server
    expect(server.port).not.toBe(port)
    expect(await textOf(server.url)).toBe('express')
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
  })

  it('keeps its port where only the host is set, and is served over TLS', async () => {
    const { server, port } = await startProgram('express.cjs', ['--host', '127.0.0.1', '--tls-self-signed'])
    await using _ = server
    expect(server.url).toBe(`https://127.0.0.1:${port}/`)
    expect(server.stdout()).toContain(`the app: listen(${port}), the port alone`)
    await expect(fetch(`http://127.0.0.1:${port}/`)).resolves.toMatchObject({ status: 400 })
  })

  it('is the main module, and its server behaves as if it had bound', async () => {
    const { server, port } = await startProgram('plain.cjs')
    await using _ = server
    const address = { address: '::', port, family: 'IPv6' }
    for (const line of [
      'main [true,true]',
      `returned [true,true,${port}]`,
      'twice "ERR_SERVER_ALREADY_LISTEN"',
      `callback ${JSON.stringify([true, address])}`,
      `event ${port}`,
    ])
      await server.waitFor(line)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).toContain('closed null')
  })

  it('reads the port that is set right after its listen()', async () => {
    const other = await freePort()
    const { server } = await startProgram('plain.cjs', ['--port', String(other)])
    await using _ = server
    await server.waitFor(`returned [true,true,${other}]`)
    await server.waitFor(`event ${other}`)
  })

  it('may wait for its server in the top level of its module', async () => {
    const { server, port } = await startProgram('fastify.mjs')
    await using _ = server
    await server.waitFor(`fastify ${port} true`)
  })

  it('ends when it closes its server', async () => {
    const { server, port } = await startProgram('closes.mjs')
    await using _ = server
    expect(await textOf(`http://127.0.0.1:${port}/`)).toBe('closing')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).toContain('closed undefined')
  })

  it('may say that it is ready in the listener of its listen()', async () => {
    const { server, port } = await startProgram('says-ready.mjs', ['--wait-ready'])
    await using _ = server
    expect(await textOf(`http://127.0.0.1:${port}/`)).toBe('ready')
  })

  it('is served at the UNIX domain socket that it names', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    const { server } = await startProgram('socket.mjs', [], { APP_SOCKET: path })
    await using _ = server
    const answer = await new Promise((resolve, reject) => {
      request({ socketPath: path }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
      })
        .on('error', reject)
        .end()
    })
    expect(answer).toBe('socket')
  })

  it('is refused when it ends TLS itself, before anything is bound', async () => {
    const port = await freePort()
    await failedLaunch(['run', 'listens/own-tls.mjs', ...single], {
      code: 'LOCKSTEP_ERR_APP_TLS',
      says: ['own-tls.mjs lets listen is an https.Server with requestCert', '--tls-client-auth require'],
      env: { APP_PORT: String(port) },
      ports: [port],
    })
  })

  it('is refused when it redirects to a server with TLS of its own, with the option that redirects', async () => {
    const port = await freePort()
    await failedLaunch(['run', 'listens/own-redirect.mjs', ...single], {
      code: 'LOCKSTEP_ERR_APP_TLS',
      says: ['lets listen is an https.Server', `leave it out: --tls-redirect :${port} does it.`],
      env: { APP_PORT: String(port) },
      ports: [port],
    })
  })

  it('is refused when it never listens, with what keeps it busy', async () => {
    await failedLaunch(['run', 'listens/busy.mjs', ...single, '--boot-timeout', '1s'], {
      code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
      says: ['exports no app, and no HTTP server of it listened within 1 s', 'It is busy with: a timer'],
    })
  })
})

describe('a program that listens by itself, under cluster', () => {
  const cluster = ['--backend', 'cluster', '--workers', '2']

  it('is served when it passes exclusive to listen()', async () => {
    const port = await freePort()
    await using _ = await startLockstep(['run', 'listens/exclusive.mjs', ...cluster], {
      env: { APP_PORT: String(port) },
    })
    expect(await textOf(`http://127.0.0.1:${port}/`)).toBe('exclusive')
  })

  it.each(['round-robin', 'shared'])(
    'is served where it listens, also after a reload: %s',
    async (balance) => {
      const port = await freePort()
      await using server = await startLockstep(
        ['run', 'listens/plain.cjs', ...cluster, '--balance', balance],
        { env: { APP_PORT: String(port) } },
      )
      expect(server.port).toBe(port)
      await server.waitFor(new RegExp(`(callback \\[true,.*"port":${port}[^]*){2}`))
      const { code } = await runLockstep(['reload', '--pid', String(server.pid)], {
        env: { XDG_RUNTIME_DIR: server.runtimeFolder },
      })
      expect(code).toBe(0)
      await server.waitFor(new RegExp(`(callback \\[true,.*"port":${port}[^]*){4}`))
      expect(await textOf(`http://127.0.0.1:${port}/`)).toBe('plain')
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )

  it('may say that it is ready in the listener of its listen()', async () => {
    const port = await freePort()
    await using server = await startLockstep(['run', 'listens/says-ready.mjs', ...cluster, '--wait-ready'], {
      env: { APP_PORT: String(port) },
    })
    expect(await textOf(`http://127.0.0.1:${port}/`)).toBe('ready')
    expect(server.port).toBe(port)
  })

  it.each([
    ['single', 'free-port-http.cjs'],
    ['cluster', 'free-port-http.cjs'],
  ])('is served under %s where it finds a free port by an HTTP server: %s', async (backend, file) => {
    const { server, port } = await startProgram(file, ['--backend', backend])
    await using _ = server
    expect(server.port).toBe(port)
    expect(await textOf(`http://127.0.0.1:${port}/`)).toMatch(/^process \d+$/)
  })

  it.each(['round-robin', 'shared', 'auto'])(
    'is served where it finds a free port, which its other workers find too, also after a reload: %s',
    async (balance) => {
      const port = await freePort()
      const env = { APP_PORT: String(port) }
      await using server = await startLockstep(
        ['run', 'listens/free-port.cjs', ...cluster, '--balance', balance],
        { env },
      )
      expect(server.port).toBe(port)
      const before = server.processes()
      const reloaded = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
      expect(reloaded).toMatchObject({ code: 0 })
      const pid = Number(/^process (\d+)$/.exec(await textOf(`http://127.0.0.1:${port}/`))?.[1])
      expect(before).not.toContain(pid)
      expect(server.processes()).toContain(pid)
    },
  )

  it('is planned at its port beside the server that holds it', async () => {
    const { server, port } = await startProgram('free-port.cjs', cluster)
    await using _ = server
    for (const backend of [cluster, single]) {
      const { stdout } = await runLockstep(['plan', 'listens/free-port.cjs', ...backend], {
        env: { APP_PORT: String(port) },
      })
      expect(stdout).toContain(`the app: listen(${port})`)
    }
  })

  it('is served at the same port after a reload, when its new workers ask for any port', async () => {
    const { server, port } = await startProgram('any-port.mjs', cluster)
    await using _ = server
    const before = server.processes()
    const reloaded = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(reloaded).toMatchObject({ code: 0 })
    const pid = Number(/^process (\d+)$/.exec(await textOf(`http://127.0.0.1:${port}/`))?.[1])
    expect(before).not.toContain(pid)
    expect(server.processes()).toContain(pid)
  })

  it('that finds a port taken by another program asks for another one', async () => {
    await using holder = await holdPort()
    await failedLaunch(['run', 'listens/free-port.cjs', ...cluster], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: [/asks for listen\(\d+\)/],
      env: { APP_PORT: String(holder.port) },
      ports: [],
    })
  })

  it('is refused where its workers ask for different ports', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'app.mjs')
    writeFileSync(
      file,
      `import { createServer } from 'node:http'
createServer().on('request', (_, response) => response.end()).listen(20_000 + Number(process.env.LOCKSTEP_WORKER))`,
    )
    await failedLaunch(['run', file, ...cluster], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: ['All workers serve the same address', '--port'],
      ports: [],
    })
  })
})

describe.each(['single', 'cluster'])('what listens beside the app, under %s', (backend) => {
  const ports = async () => {
    const [app, metrics] = [await freePort(), await freePort()]
    return { app, metrics, env: { APP_PORT: String(app), METRICS_PORT: String(metrics) } }
  }

  it.each([
    { what: 'a second HTTP server', file: 'second.mjs', code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF' },
    { what: 'a child process', file: 'child.cjs', code: 'LOCKSTEP_ERR_VERIFY_FAILED' },
    { what: 'a thread', file: 'thread.mjs', code: 'LOCKSTEP_ERR_VERIFY_FAILED' },
    { what: 'a server of TCP', file: 'tcp.mjs', code: 'LOCKSTEP_ERR_VERIFY_FAILED' },
  ])('$what is refused, with the option that allows it', async ({ file, code }) => {
    const { app, metrics, env } = await ports()
    await failedLaunch(['run', `listens/${file}`, '--backend', backend], {
      code,
      says: [/--app-port \d+\b/],
      env,
      ports: [app, metrics],
    })
  })

  it('a child process that listens instead of the app is refused before the boot timeout, and ended', async () => {
    const { app, metrics, env } = await ports()
    await failedLaunch(['run', 'listens/child-alone.cjs', '--backend', backend], {
      code: 'LOCKSTEP_ERR_VERIFY_FAILED',
      says: [
        /child-alone\.cjs exports no app\. Process \d+, which it has started, listens at 127\.0\.0\.1:\d+ instead\./,
        'name the file that the other process runs',
      ],
      env,
      ports: [app, metrics],
    })
  })

  it('the refusal of a second server names both, with the flag for each choice', async () => {
    const { app, metrics, env } = await ports()
    await failedLaunch(['run', 'listens/second.mjs', '--backend', backend], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: [
        `lets another server listen at 127.0.0.1:${app} (listen(${app}, '127.0.0.1')), beside the one that is served at 127.0.0.1:${metrics} (`,
        `To serve 127.0.0.1:${metrics}, and let the app open 127.0.0.1:${app} by itself, use --app-port ${app}.`,
        `To serve 127.0.0.1:${app} instead, use --app-port ${metrics}.`,
      ],
      env,
      ports: [app, metrics],
    })
  })

  it('the port that is set says which server is the app, in the refusal of a program with two', async () => {
    const { app, metrics, env } = await ports()
    for (const set of [{ PORT: String(app) }, { LOCKSTEP_BIND: `127.0.0.1:${app}` }])
      await failedLaunch(['run', 'listens/second.mjs', '--backend', backend], {
        code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
        says: [
          `The one at 127.0.0.1:${app} (listen(${app}, '127.0.0.1')) asks for the port that is set for the app`,
          `let the app open 127.0.0.1:${metrics} by itself, use --app-port ${metrics}.`,
        ],
        env: { ...env, ...set },
        ports: [app, metrics],
      })
    // As the refusal says.
    const args = ['run', 'listens/second.mjs', '--backend', backend, '--app-port', String(metrics)]
    await using server = await startLockstep(args, { env: { ...env, PORT: String(app) } })
    expect(await textOf(server.url)).toBe('app')
    expect(await textOf(`http://127.0.0.1:${metrics}/`)).toBe('metrics')
  })

  it('another server is not served any longer when the app comes late, and the process ends', async () => {
    const { app, metrics, env } = await ports()
    const args = ['run', 'listens/app-late.mjs', '--backend', backend, '--port', String(app)]
    await using server = await startLockstep(args, { env })
    await fetch(`http://127.0.0.1:${app}/`).catch(() => undefined)
    await server.waitFor(`use --app-port ${metrics}.`)
    await server.waitFor('the app goes on: LOCKSTEP_ERR_APP_LISTENS_ITSELF')
    if (backend === 'single') expect(await server.finished()).toMatchObject({ code: 1 })
    else await server.waitFor('worker 1 died')
  })

  it('a server that listens later gets an error', async () => {
    const { app, metrics, env } = await ports()
    await using server = await startLockstep(['run', 'listens/second-later.mjs', '--backend', backend], {
      env,
    })
    expect(await textOf(`http://127.0.0.1:${app}/`)).toBe('LOCKSTEP_ERR_APP_LISTENS_ITSELF')
    await expect(fetch(`http://127.0.0.1:${metrics}/`)).rejects.toThrow('fetch failed')
    await server.waitFor('lets another server listen')
  })

  it.each(['child', 'thread'])('a port that a %s opens later is in the log, with the cure', async (kind) => {
    const { app, metrics, env } = await ports()
    const allowed = await freePort()
    const args = ['run', 'listens/opens-later.mjs', '--backend', backend, '--app-port', String(allowed)]
    await using server = await startLockstep(args, { env })
    const open = (port: number) => textOf(`http://127.0.0.1:${app}/${kind}/${port}`)
    expect([await open(allowed), await open(metrics)]).toEqual(['open', 'open'])
    await server.waitFor(`of the app listens at 127.0.0.1:${metrics}, which the plan does not name`)
    await server.waitFor(`allow it with --app-port ${metrics}`)
    expect(server.stderr()).not.toContain(`127.0.0.1:${allowed}`)
  })

  it('a port that is closed again while the program boots does not count', async () => {
    const { app, env } = await ports()
    await using _ = await startLockstep(['run', 'listens/tcp.mjs', '--backend', backend], {
      env: { ...env, METRICS_PORT: '' },
    })
    expect(await textOf(`http://127.0.0.1:${app}/`)).toBe('tcp')
  })

  it('workers of node:cluster are refused', async () => {
    await failedLaunch(['run', 'listens/forks.mjs', '--backend', backend], {
      code: 'LOCKSTEP_ERR_APP_FORKS',
      says: ['--workers N'],
    })
  })
})

it.each([
  ...['second.mjs', 'second-later.mjs', 'thread.mjs', 'tcp.mjs'].map((file) => ({ file, backend: 'single' })),
  ...['second.mjs', 'second-later.mjs', 'tcp.mjs'].map((file) => ({ file, backend: 'cluster' })),
])('an app may open the port of --app-port: $file under $backend', async ({ file, backend }) => {
  const metrics = await freePort()
  const { server, port } = await startProgram(file, ['--app-port', String(metrics), '--backend', backend], {
    METRICS_PORT: String(metrics),
  })
  await using _ = server
  expect(server.port).toBe(port)
  expect((await fetch(server.url)).status).toBe(200)
})

it('plan shows where the program listens, and reports it as the source', async () => {
  const env = { APP_PORT: '8080' }
  const plan = await runLockstep(['plan', 'listens/express.cjs', '--host', '127.0.0.1', '--json'], { env })
  const { options } = JSON.parse(plan.stdout) as {
    options: { name: string; value: string; source: string }[]
  }
  const of = (name: string) => options.find((option) => option.name === name)
  expect(of('port')).toMatchObject({ value: 8080, source: 'the app: listen(8080)', setBy: 'app' })
  expect(of('host')).toMatchObject({ source: '--host' })
})

it('check does not bind where the program listens', async () => {
  await using holder = await holdPort()
  const { code } = await runLockstep(['check', 'listens/express.cjs', ...single], {
    env: { APP_PORT: String(holder.port) },
  })
  expect(code).toBe(0)
})

it('an app that is exported and listens later is served by its export', async () => {
  const { server, port } = await startProgram('exports-late.cjs', ['--port', '0'])
  await using _ = server
  await server.waitFor(`listens at ${server.port}`)
  expect(server.port).not.toBe(port)
  expect(await textOf(server.url)).toBe('late')
})
