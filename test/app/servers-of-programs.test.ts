import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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
