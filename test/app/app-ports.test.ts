import { writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort, holdPort } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Which worker answers there, over a connection of its own. */
async function workerAt(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  http
    .get({ host: '127.0.0.1', port, agent: false }, (response) => resolve(text(response)))
    .once('error', reject)
  return promise
}

const two = ['--workers', '2']

async function start(program: string, args: readonly string[], metrics: number) {
  const file = join(temporaryFolder(), 'app.mjs')
  writeFileSync(file, program)
  const app = await freePort()
  return startLockstep(['run', file, '--backend', 'cluster', ...args], {
    env: { APP_PORT: String(app), METRICS_PORT: String(metrics) },
  })
}

const who = "(_, response) => response.end(process.env.LOCKSTEP_WORKER + ' ' + process.pid)"
const program = `import http from 'node:http'
const metrics = http.createServer(${who})
metrics.on('error', ({ code, syscall, port, stack }) =>
  console.log('metrics', code, syscall, port, stack.includes(import.meta.filename)))
metrics.listen(Number(process.env.METRICS_PORT), '127.0.0.1', () => {
  console.log('listening', JSON.stringify(metrics.address()), metrics.listening)
  http.createServer((_, response) => response.end('app')).listen(Number(process.env.APP_PORT), '127.0.0.1')
})
`

describe('a port of --app-port under cluster', () => {
  it('is shared by the workers, each of which has it as if it had bound it', async () => {
    const port = await freePort()
    await using server = await start(program, [...two, '--app-port', String(port)], port)
    const seen = new Set<string>()
    await waitUntil(async () => seen.add(await workerAt(port)).size === 2, {
      what: 'answers of both workers',
    })
    expect([...seen].map((answer) => answer.split(' ')[0]).sort()).toEqual(['1', '2'])
    const address = JSON.stringify({ address: '127.0.0.1', family: 'IPv4', port })
    expect(server.stdout().split(`listening ${address} true`)).toHaveLength(3)
    await server.waitFor('the workers share a port of the app')
    expect(await (await fetch(server.url)).text()).toBe('app')
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    await expect(workerAt(port)).rejects.toThrow('ECONNREFUSED')
  })

  it('answers all the time while the workers are replaced', async () => {
    const port = await freePort()
    await using server = await start(program, [...two, '--app-port', String(port)], port)
    const before = new Set<string>()
    await waitUntil(async () => before.add(await workerAt(port)).size === 2, {
      what: 'answers of both workers',
    })
    let isReloaded = false
    const reloaded = server.waitFor('every worker was replaced').then(() => {
      isReloaded = true
    })
    server.signal('SIGHUP')
    while (!isReloaded) await workerAt(port)
    await reloaded
    // An old worker may drain still.
    await waitUntil(async () => !before.has(await workerAt(port)), { what: 'an answer of a new worker' })
  })

  it('may be one for each worker', async () => {
    const base = await freePort()
    const ports = [base + 1, base + 2]
    const own = program.replace(
      'Number(process.env.METRICS_PORT)',
      'Number(process.env.METRICS_PORT) + Number(process.env.LOCKSTEP_WORKER)',
    )
    await using server = await start(own, [...two, '--app-port', ports.join(',')], base)
    for (const [index, port] of ports.entries()) expect(await workerAt(port)).toMatch(`${index + 1} `)
    expect(server.stderr()).not.toContain('share a port')
    server.signal('SIGHUP')
    await server.waitFor('every worker was replaced')
    for (const [index, port] of ports.entries()) expect(await workerAt(port)).toMatch(`${index + 1} `)
  })

  it('that another program has is an error of the server of the app, as in Node', async () => {
    const port = await freePort()
    await using _held = await holdPort(port)
    const both = program.replace('listening', 'listens').replace(
      "metrics.on('error', ",
      `http.createServer((_, response) => response.end('app')).listen(Number(process.env.APP_PORT), '127.0.0.1')
metrics.on('error', `,
    )
    await using server = await start(both, [...two, '--app-port', String(port)], port)
    await server.waitFor(`metrics EADDRINUSE listen ${port} true`)
  })

  it('may be closed and opened again, and is closed in time by the app', async () => {
    const port = await freePort()
    const opens = `import http from 'node:http'
const port = Number(process.env.METRICS_PORT)
const metrics = http.createServer(${who})
const early = http.createServer().listen(port, '127.0.0.1', () => console.log('never'))
early.close()
http.createServer((request, response) => {
  if (request.url === '/open') metrics.listen(port, '127.0.0.1', () => response.end('open'))
  else metrics.close(() => response.end('closed'))
}).listen(Number(process.env.APP_PORT), '127.0.0.1')
`
    await using server = await start(opens, ['--app-port', String(port), '--workers', '1'], port)
    const ask = async (path: string): Promise<string> => (await fetch(`${server.url}${path}`)).text()
    for (let round = 0; round < 2; round += 1) {
      expect(await ask('open')).toBe('open')
      expect(await workerAt(port)).toMatch(/^1 /)
      expect(await ask('close')).toBe('closed')
    }
    expect(server.stdout()).not.toContain('never')
  })

  it.each(['single', 'cluster'])('does not disturb a check beside the server, under %s', async (backend) => {
    const [metrics, app] = [await freePort(), await freePort()]
    const env = { APP_PORT: String(app), METRICS_PORT: String(metrics) }
    const args = ['listens/second.mjs', '--backend', backend, '--app-port', String(metrics)]
    await using server = await startLockstep(['run', ...args], { env })
    expect(await runLockstep(['check', ...args], { env })).toMatchObject({ code: 0 })
    expect(await (await fetch(`http://127.0.0.1:${metrics}/`)).text()).toBe('metrics')
    expect(server.port).toBe(app)
  })

  it('allows no other port', async () => {
    const [port, other, app] = [await freePort(), await freePort(), await freePort()]
    await failedLaunch(['run', 'listens/second.mjs', '--backend', 'cluster', '--app-port', String(port)], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: [`use --app-port ${other}.`],
      env: { APP_PORT: String(app), METRICS_PORT: String(other) },
      ports: [port, other, app],
    })
  })
})

describe.each(['single', 'cluster'])(
  'an app with a server for each family of addresses, under %s',
  (backend) => {
    it('is refused with cures that work', async () => {
      const port = await freePort()
      const file = join(temporaryFolder(), 'app.mjs')
      writeFileSync(
        file,
        `import http from 'node:http'
const port = ${port}
http.createServer((_, response) => response.end('6')).listen({ port, ipv6Only: true })
http.createServer((_, response) => response.end('4')).listen(port, '0.0.0.0')`,
      )
      const flags = [file, '--backend', backend]
      const cures = [`--app-port 0.0.0.0:${port}`, `--app-port [::]:${port}`]
      await failedLaunch(['run', ...flags], {
        code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
        says: [
          `Or leave one of them out, and let the other one serve IPv4 and IPv6 by listen(${port}).`,
          ...cures.map((cure) => `use ${cure}.`),
        ],
        hides: ['--bind twice'],
        ports: [port],
      })
      for (const cure of cures)
        expect(await runLockstep(['check', ...flags, ...cure.split(' ')])).toMatchObject({ code: 0 })
    })
  },
)
