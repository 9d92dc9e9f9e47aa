import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Writes a program; its port is in `A`. */
async function program(source: string) {
  const file = join(temporaryFolder(), 'app.mjs')
  writeFileSync(
    file,
    `import http from 'node:http'
const a = Number(process.env.A)
const answer = (text) => http.createServer((_, response) => response.end(text))
${source}`,
  )
  const a = await freePort()
  return { file, a, env: { A: String(a) } }
}

describe.each(['single', 'cluster'])('an app with a server that is refused, under %s', (backend) => {
  const flags = ['--backend', backend]

  it('fails the launch once another one is served, whatever it does then', async () => {
    // As Lightship, which opens a port of its own before the app does.
    for (const then of ['first.close()', 'process.exit(1)', 'undefined']) {
      const { file, a, env } = await program(`const first = answer('health')
first.listen(0, '127.0.0.1')
first.once('listening', () => answer('app').on('error', () => ${then}).listen(a, '127.0.0.1'))`)
      // Under `single` the app ends the process of the launcher itself.
      const isOver = backend === 'single' && then.startsWith('process.exit')
      await failedLaunch(['run', file, ...flags], {
        code: isOver ? 'LOCKSTEP_ERR_WORKER_BOOT' : 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
        says: [
          `lets another server listen at 127.0.0.1:${a}`,
          `let the app open 127.0.0.1:${a} by itself, use --app-port ${a}`,
        ],
        env,
        ports: [a],
      })
    }
  })
})

describe.each(['single', 'cluster'])('an app that closes its server, under %s', (backend) => {
  const flags = ['--backend', backend, '--workers', '1']
  const logged = `"message":"the app${backend === 'cluster' ? ' of worker 1' : ''} has closed its server"`

  it('is named in the log, which says why the process ends', async () => {
    const { file, env } = await program(`const server = http.createServer((_, response) => {
  response.end('last')
  server.close()
}).listen(a, '127.0.0.1')`)
    await using server = await startLockstep(['run', file, ...flags], { env })
    expect(await (await fetch(server.url)).text()).toBe('last')
    await server.waitFor(logged)
    if (backend === 'single') expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('fails the launch when it does that as soon as it listens', async () => {
    const { file, a, env } = await program(`const server = answer('app')
server.listen(a, '127.0.0.1', () => server.close())`)
    await failedLaunch(['run', file, ...flags], {
      code: 'LOCKSTEP_ERR_WORKER_BOOT',
      says: ['closed its server before the server was announced', 'only when it is to end'],
      env,
      ports: [a],
    })
  })

  it('in its listener for the signal that stops the server ends as any other, without a word of it', async () => {
    const { file, env } = await program(`const server = answer('app').listen(a, '127.0.0.1')
process.on('SIGTERM', () => server.close(() => console.log('the app is over')))`)
    await using server = await startLockstep(['run', file, ...flags], { env })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).toContain('the app is over')
    expect(server.stderr()).not.toContain('has closed its server')
  })
})

describe('an app that closes its server, under cluster', () => {
  const flags = ['--backend', 'cluster', '--workers', '1']

  it('soon after each start is started again more and more slowly, with the reason in the log', async () => {
    const { file, env } = await program(`const server = http.createServer((_, response) => {
  response.end(String(process.pid))
  server.close()
}).listen(a, '127.0.0.1')`)
    await using server = await startLockstep(['run', file, ...flags], { env })
    const delays = (): number[] =>
      Array.from(server.stderr().matchAll(/"delayMs":(\d+)/g), ([, delay]) => Number(delay))
    // A worker that drains may answer once more.
    const ask = () => fetch(server.url, { headers: { connection: 'close' } }).then((seen) => seen.text())
    const seen = new Set<string>()
    for (let round = 1; round <= 5; round += 1) {
      await waitUntil(async () => seen.add(await ask()).size === round, {
        what: 'an answer of the next worker',
      })
      await waitUntil(() => delays().length === round, { what: 'the next worker to be announced' })
    }
    expect(server.stderr()).toContain('the app of worker 1 has closed its server')
    const [first, second = 0, , , fifth = 0] = delays()
    expect(first).toBe(0)
    expect(second).toBeGreaterThan(100)
    expect(fifth).toBeGreaterThan(1_000)
    await server.waitFor('its app closed the server soon after it had become ready')
  })
})
