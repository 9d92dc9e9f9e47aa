import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isOnPath } from '../../../../test/support/programs.ts'
import { closeAfterQueue } from '../../src/platform/net/close-after-queue.ts'
import type { Listener } from '../../src/platform/net/listener.ts'

/** Connects this many times, one after the other, and prints how many of the connections opened. */
const client = `
const { connect } = require('node:net')
const [port, count] = process.argv.slice(1).map(Number)
let open = 0
for (let begun = 0; begun < count; begun += 1) {
  const socket = connect(port, '127.0.0.1').on('connect', () => { open += 1 }).on('error', () => {})
}
setTimeout(() => { console.log(open); process.exit() }, 300)
`

/**
 * Listeners of one port. Clients connect to each at the worst moment: after the last check of its queue and before it is closed. The closing
 * process is blocked during that time, as on an overloaded machine.
 */
async function listenersMeetingClients(
  count: number,
): Promise<{ listeners: Listener[]; opened: () => number }> {
  let opened = 0
  let port = 0
  const listeners: Listener[] = []
  for (let index = 0; index < count; index += 1) {
    const server: Server = createServer((socket) => socket.on('error', () => undefined).resume())
    server.listen({ port, host: '127.0.0.1', ...(count > 1 && { reusePort: true }) })
    await once(server, 'listening')
    port = (server.address() as { port: number }).port
    const close = server.close.bind(server)
    server.close = () => {
      const { stdout } = spawnSync(process.execPath, ['-e', client, String(port), '12'], { encoding: 'utf8' })
      opened += Number(stdout)
      return close()
    }
    listeners.push({ address: { kind: 'tcp', host: '127.0.0.1', port }, server, isOurs: true })
  }
  return { listeners, opened: () => opened }
}

describe.skipIf(process.platform !== 'linux')('a port that is closed', () => {
  it.each([1, 2])('accepts no client that would never be served, with %i listeners', async (count) => {
    const { listeners, opened } = await listenersMeetingClients(count)
    const ended = listeners.map(({ server }) => once(server, 'close'))
    await closeAfterQueue(listeners)
    await Promise.all(ended)
    expect(opened()).toBe(0)
  })

  it('has accepted the connections that were in its queue', async () => {
    const { listeners } = await listenersMeetingClients(1)
    const [{ server } = expect.unreachable()] = listeners
    let accepted = 0
    server.on('connection', () => {
      accepted += 1
    })
    const { port } = server.address() as { port: number }
    // The event loop stays blocked until all of them are in the queue.
    expect(spawnSync(process.execPath, ['-e', client, String(port), '20'], { encoding: 'utf8' }).stdout).toBe(
      '20\n',
    )
    await closeAfterQueue(listeners)
    expect(accepted).toBeGreaterThanOrEqual(20)
  })

  // To its client a connection is open before the server has the last packet of the handshake. With TCP_DEFER_ACCEPT (tcp(7)) the kernel
  // drops that packet, as it does while a queue is full, and the connection gets into the queue with its first data.
  it.skipIf(!isOnPath('python3'))('serves a client whose handshake is still to be completed', async () => {
    const child = spawn('python3', ['-c', deferringSocket, process.execPath, closingServer], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(async () => {
      if (child.kill()) await once(child, 'close')
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const port = Number((await lines.next()).value)
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(client, 'connect')
    child.stdin.end()
    // The connection would be reset by then.
    await Promise.race([lines.next(), pause(300)])
    client.end('hello')
    expect(await text(client)).toBe('served')
  })
})

/** Runs a script of Node with a listening socket as descriptor 9. */
const deferringSocket = `
import os, socket, sys
listener = socket.socket()
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
listener.bind(('127.0.0.1', 0))
listener.listen(16)
os.dup2(listener.fileno(), 9)
os.execv(sys.argv[1], [sys.argv[1], '--input-type=module', '-e', sys.argv[2]])
`

/** Prints its port, closes it when its input ends, and prints \`closed\` then. */
const closingServer = `
import { once } from 'node:events'
import { createServer } from 'node:net'
import { closeAfterQueue } from ${JSON.stringify(import.meta.resolve('../../src/platform/net/close-after-queue.ts'))}
const server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end('served')))
server.listen({ fd: 9 })
await once(server, 'listening')
const { port } = server.address()
console.log(port)
process.stdin.resume()
await once(process.stdin, 'end')
await closeAfterQueue([{ address: { kind: 'tcp', host: '127.0.0.1', port }, server, isOurs: true }])
console.log('closed')
`
