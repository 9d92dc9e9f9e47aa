import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()
const code = 'LOCKSTEP_ERR_APP_LISTENS_ITSELF'

/** Writes a program; its ports are in `A` and `B`. */
async function program(source: string) {
  const file = join(temporaryFolder(), 'app.mjs')
  writeFileSync(
    file,
    `import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
const [a, b] = [Number(process.env.A), Number(process.env.B)]
const answer = (text) => http.createServer((_, response) => response.end(text))
${source}`,
  )
  const [a, b] = [await freePort(), await freePort()]
  return { file, a, b, env: { A: String(a), B: String(b) } }
}

describe.each(['single', 'cluster'])('the refusal of another server, under %s', (backend) => {
  const flags = ['--backend', backend]

  it('names the host where both ask for the same port, and that is the cure', async () => {
    const { file, a, env } = await program(`answer('IPv4').listen(a, '127.0.0.1')
answer('IPv6').listen(a, '::1')`)
    await failedLaunch(['run', file, ...flags], {
      code,
      says: [
        `To serve 127.0.0.1:${a}, and let the app open [::1]:${a} by itself, use --app-port [::1]:${a}`,
        `To serve [::1]:${a} instead, use --app-port 127.0.0.1:${a}`,
      ],
      env,
      ports: [a],
    })
    await using server = await startLockstep(['run', file, ...flags, '--app-port', `[::1]:${a}`], { env })
    expect(await textOf(server.url)).toBe('IPv4')
    expect(await textOf(`http://[::1]:${a}/`)).toBe('IPv6')
  })

  it('says what to do about a server at any port', async () => {
    const { file, a, env } = await program(`answer('health').listen(0, '127.0.0.1')
answer('app').listen(a, '127.0.0.1')`)
    await failedLaunch(['run', file, ...flags], {
      code,
      says: [
        `let the app open 127.0.0.1:${a} by itself, use --app-port ${a}`,
        'give the server at 127.0.0.1:0 a port of its own in the app, and name that with --app-port PORT',
      ],
      env,
      ports: [a],
    })
  })

  it('does not offer to serve what is not HTTP', async () => {
    const both = await program(
      `answer('app').listen(a, '127.0.0.1', () => net.createServer().on('error', () => {}).listen(b, '127.0.0.1'))`,
    )
    const text = await failedLaunch(['run', both.file, ...flags], {
      code,
      says: [`let the app open 127.0.0.1:${both.b} by itself, use --app-port ${both.b}`],
      env: both.env,
      ports: [both.a, both.b],
    })
    expect(text).not.toContain('instead')
    const alone = await program(`net.createServer().listen(a, '127.0.0.1')`)
    await failedLaunch(['run', alone.file, ...flags], {
      code,
      says: [
        'which is not an HTTP server',
        'a program that has only a server of another protocol cannot be served',
      ],
      env: alone.env,
      ports: [alone.a],
    })
  })

  it('says how a server of gRPC runs beside the app, and that is the cure', async () => {
    const { file, a, b, env } = await program(`answer('app').listen(a, '127.0.0.1')
const grpc = http2.createServer()
grpc.on('error', ({ hint }) => console.error(hint))
grpc.listen(b, '127.0.0.1', () => console.error('grpc listens'))`)
    await failedLaunch(['run', file, ...flags], {
      code: 'LOCKSTEP_ERR_APP_TLS',
      says: [
        'Lockstep never serves HTTP/2 without TLS',
        `To let the app open 127.0.0.1:${b} by itself, beside another server that is served, use --app-port ${b}`,
      ],
      env,
      ports: [a, b],
    })
    await using server = await startLockstep(['run', file, ...flags, '--app-port', String(b)], { env })
    await server.waitFor('grpc listens')
    expect(await textOf(server.url)).toBe('app')
  })
})
