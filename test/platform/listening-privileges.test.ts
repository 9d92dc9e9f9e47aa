import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

/** A program that listens where `call` says. An unprivileged user owns it, and the folder where it writes as which user it runs. */
function program(call: string): { app: string; ranAs: () => string[] } {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const marks = join(folder, 'marks')
  mkdirSync(marks)
  chownSync(marks, nobody, nobody)
  const app = write(
    folder,
    'server.cjs',
    `const { writeFileSync } = require('node:fs')
writeFileSync(${JSON.stringify(`${marks}/`)} + process.getuid(), '')
require('node:http').createServer((_, response) => response.end(String(process.getuid()))).${call}
`,
    0o644,
  )
  chownSync(app, nobody, nobody)
  return { app, ranAs: () => readdirSync(marks) }
}

/** A port that only root may bind. */
async function reservedPort(): Promise<number> {
  for (let port = 600 + Math.floor(Math.random() * 300); port < 1_000; port += 1) {
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, () => resolve(true))
    })
    await new Promise((resolve) => server.close(resolve))
    if (isFree) return port
  }
  throw new Error('every reserved port is taken')
}

describe.skipIf(!isRoot)('a program that listens by itself, started by root for another user', () => {
  it('plan runs it as that user, and never as root', async () => {
    const { app, ranAs } = program('listen(8080)')
    const plan = await runLockstep(['plan', app, '--user', 'nobody', '--json'])
    expect(ranAs()).toEqual([String(nobody)])
    const { options } = JSON.parse(plan.stdout) as { options: { name: string }[] }
    expect(options.find(({ name }) => name === 'port')).toMatchObject({ value: 8080, setBy: 'app' })
  })

  it('check runs it as that user', async () => {
    const { app, ranAs } = program('listen(8080)')
    expect(await runLockstep(['check', app, '--user', 'nobody'])).toMatchObject({ code: 0 })
    expect(ranAs()).toEqual([String(nobody)])
  })

  it.each(['single', 'cluster'])(
    'is served at a port of root that the options set, by %s',
    async (backend) => {
      const port = await reservedPort()
      const { app } = program('listen(8080)')
      await using server = await startLockstep([
        ...['run', app, '--user', 'nobody', '--backend', backend],
        ...['--host', '127.0.0.1', '--port', String(port)],
      ])
      expect(await (await fetch(server.url)).text()).toBe(String(nobody))
      expect(server.port).toBe(port)
    },
  )

  it('is served at a port of root that it asks for, by the cluster', async () => {
    const port = await reservedPort()
    const { app } = program(`listen(${port}, '127.0.0.1')`)
    await using server = await startLockstep(['run', app, '--user', 'nobody', '--backend', 'cluster'])
    expect(server.port).toBe(port)
  })

  it('is served at a port of every user that it asks for, by a single process', async () => {
    const port = await freePort()
    const { app } = program(`listen(${port}, '127.0.0.1')`)
    await using server = await startLockstep(['run', app, '--user', 'nobody', '--backend', 'single'])
    expect(server.port).toBe(port)
  })

  it.each([
    { what: 'a port', call: (port: number) => `listen(${port}, '127.0.0.1')`, args: () => [] },
    {
      what: 'the host of a port',
      call: () => "listen(8080, '0.0.0.0')",
      args: (port: number) => ['--port', String(port)],
    },
  ])('is refused when it asks a single process for $what of root', async ({ call, args }) => {
    const port = await reservedPort()
    const { app } = program(call(port))
    await failedLaunch(['run', app, '--user', 'nobody', '--backend', 'single', ...args(port)], {
      code: 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED',
      ports: [port],
      says: [
        new RegExp(`(127|0)\\.0\\.0\\.[01]:${port}`),
        'it runs as user nobody',
        '--host and --port',
        '--backend cluster',
      ],
    })
  })
})
