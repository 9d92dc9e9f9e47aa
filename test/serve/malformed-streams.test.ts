import { connect } from 'node:tls'
import { expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { startLockstep } from '../support/lockstep.ts'
import { field, frame, preface } from './fuzz-requests/odd-http2.ts'

const connections = 800
const atOnce = 24
/** RFC 9113 section 7: CANCEL. */
const cancelled = Buffer.from([0, 0, 0, 8])

const request = (stream: number, path: string, authority = 'a'): Buffer => {
  const fields = { ':method': 'GET', ':path': path, ':scheme': 'https', ':authority': authority }
  const block = Buffer.concat(Object.entries(fields).map(([name, value]) => field(name, value)))
  return frame(1, 5, stream, block)
}

/** Good requests, then some whose last field is invalid and which the client resets, then one at which the app ends the connection. */
const requests = Buffer.concat([
  ...[1, 3, 5, 7, 9].map((stream) => request(stream, '/')),
  ...[11, 13, 15, 17, 19].flatMap((stream) => [request(stream, '/', 'a b'), frame(3, 0, stream, cancelled)]),
  request(21, '/destroy'),
])

async function attack(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  socket.on('error', () => {}).resume()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([new Promise((resolve) => socket.once('secureConnect', resolve)), closed])
  socket.write(preface)
  await new Promise(setImmediate)
  socket.write(requests)
  const late = setTimeout(() => socket.destroy(), 1_000)
  await closed
  clearTimeout(late)
}

it('a client that resets streams with invalid fields does not end the server, where the app destroys its connection', async () => {
  const { cert, key, certPem } = await pairFiles()
  const args = ['--cert', cert, '--key', key, '--tls-protocols', 'h2,http/1.1', '--backend', 'single']
  await using server = await startLockstep(['run', 'apps/destroys-session.js', '--port', '0', ...args], {
    // The garbage collector runs often. It once took the connection before its streams, and Node aborted.
    env: { NODE_OPTIONS: '--max-semi-space-size=1' },
  })
  let left = connections
  const attacker = async (): Promise<void> => {
    while (left > 0 && server.child.exitCode === null && server.child.signalCode === null) {
      left -= 1
      await attack(server.port)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, attacker))
  expect(server.child.signalCode).toBeNull()
  expect(await exchange(server.url, { ca: certPem })).toMatchObject({ status: 200 })
}, 60_000)
