import { connect as connectHttp2 } from 'node:http2'
import https from 'node:https'
import { expect, it } from 'vitest'
import { type Started, startLockstep } from '../support/lockstep.ts'

/** The result of a request, if any came before the server, or this client after a moment, abandoned it. */
function overHttp1({ url }: Started, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = https.get(new URL(path, url), { rejectUnauthorized: false, agent: false, timeout: 500 })
    let body = ''
    request.on('response', (response) => response.on('data', (data: Buffer) => (body += data.toString())))
    request.on('timeout', () => request.destroy())
    request.on('error', () => undefined)
    request.on('close', () => resolve(body))
  })
}

function overHttp2({ url }: Started, path: string): Promise<string> {
  return new Promise((resolve) => {
    const session = connectHttp2(url, { rejectUnauthorized: false })
    session.on('error', () => undefined)
    const stream = session.request({ ':path': path })
    let body = ''
    stream.setTimeout(500, () => stream.close())
    stream.on('data', (data: Buffer) => (body += data.toString()))
    stream.on('error', () => undefined)
    stream.on('close', () => {
      session.destroy()
      resolve(body)
    })
  })
}

it('a request or response that an app has made unusable ends its exchange, and not the process', async () => {
  await using server = await startLockstep([
    ...['run', 'brought/unfit.js', '--backend', 'single', '--port', '0', '--access-log', '-'],
    ...['--tls-self-signed', '--tls-protocols', 'h2,http/1.1'],
  ])
  for (const ask of [overHttp2, overHttp1]) {
    // If it is frozen over HTTP/1.1, Node itself can't end the exchange.
    const paths = ask === overHttp2 ? ['/frozen', '/prototype', '/members', '/begun'] : ['/begun']
    for (const path of paths) {
      await ask(server, path)
      expect([path, await ask(server, '/'), server.stderr().slice(-1500)]).toEqual([
        path,
        String(server.pid),
        expect.anything(),
      ])
    }
  }
  expect(server.child.exitCode).toBeNull()
})
