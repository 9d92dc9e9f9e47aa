// Which upstream gets a request, how long connections are kept, and how an upstream leaves.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { UpstreamPool } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { waitUntil } from '../../../../test/support/wait-until.ts'
import { askRaw, rawClient } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { rawUpstream } from './upstreams.ts'

const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const getAndClose = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')

describe('a pool of upstreams', () => {
  it('passes a request to the one with the fewest in flight', async () => {
    await using busy = await rawUpstream(() => undefined)
    await using idle = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({ upstreams: [busy, idle] })
    using first = rawClient(front.port, get)
    using second = rawClient(front.port, get)
    await waitUntil(() => busy.requests.length === 1 && (first.text() + second.text()).includes('hello'), {
      what: 'both requests',
    })
    for (let count = 0; count < 4; count += 1) expect(await askRaw(front.port, getAndClose)).toMatch(/hello$/)
    expect(busy.requests).toHaveLength(1)
  })

  it('lets equals take turns', async () => {
    await using one = await rawUpstream((socket) => socket.write(hello))
    await using other = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({ upstreams: [one, other] })
    for (let count = 0; count < 6; count += 1) await askRaw(front.port, getAndClose)
    expect([one.requests.length, other.requests.length]).toEqual([3, 3])
  })

  it('adds and retires upstreams while it serves, and says when the last request has ended', async () => {
    await using old = await rawUpstream(() => undefined)
    await using next = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({})
    const upstream = front.pool.add(old)
    using client = rawClient(front.port, get)
    await waitUntil(() => old.requests.length === 1, { what: 'the request' })
    expect(upstream.requests).toBe(1)
    front.pool.add(next)
    let isOver = false
    const retired = front.pool.retire(upstream).then(() => {
      isOver = true
    })
    for (let count = 0; count < 4; count += 1) expect(await askRaw(front.port, getAndClose)).toMatch(/hello$/)
    expect(isOver).toBe(false)
    old.sockets[0]?.write(hello)
    await client.until('hello')
    await retired
    expect(old.requests).toHaveLength(1)
    // The connection to it is not kept.
    await old.closed(0)
  })

  it('does not wait for WebSockets and event streams of one that it retires', async () => {
    await using upstream = await rawUpstream((socket, { head }) =>
      socket.write(
        head.includes('Upgrade')
          ? 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'
          : 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n',
      ),
    )
    await using front = await serveFront({})
    const added = front.pool.add(upstream)
    using webSocket = rawClient(
      front.port,
      get.replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    )
    using events = rawClient(front.port, get)
    await webSocket.until('101')
    await events.until('event-stream')
    await front.pool.retire(added)
    expect([added.load, added.requests]).toEqual([2, 0])
    // They go on until the upstream ends them.
    upstream.sockets[0]?.write('more')
    upstream.sockets[1]?.write('more')
    await Promise.all([webSocket.until('more'), events.until('more')])
  })

  it('retires one that is idle at once, and may be asked twice', async () => {
    const pool = new UpstreamPool()
    const upstream = pool.add({ host: '127.0.0.1', port: 1 })
    await Promise.all([pool.retire(upstream), pool.retire(upstream)])
    expect(pool.size).toBe(0)
    pool.close()
  })

  it('reaches an upstream on a UNIX domain socket', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    const server = createServer((request, response) => response.end(`at ${request.url}`)).listen(path)
    await once(server, 'listening')
    await using front = await serveFront({ upstreams: [{ path }] })
    expect(await askRaw(front.port, getAndClose)).toMatch(/at \/$/)
    server.closeAllConnections()
    server.close()
  })
})

describe('a connection that is not used', () => {
  it.each([
    ['usual servers close theirs', hello, 1_600, {}],
    [
      'the time that the upstream names is over',
      hello.replace('\r\n', '\r\nKeep-Alive: max=5, timeout=1\r\n'),
      600,
      { idleMs: 60_000 },
    ],
  ])('is not used again when %s soon, and closed', async (_, sent, waitMs, limits) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream], limits })
    await askRaw(front.port, getAndClose)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    await askRaw(front.port, getAndClose)
    expect(upstream.connections()).toBe(2)
    await upstream.closed(0)
  })

  it('is kept for longer if the upstream says so', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(hello.replace('\r\n', '\r\nKeep-Alive: timeout=30\r\n')),
    )
    await using front = await serveFront({ upstreams: [upstream], limits: { idleMs: 50 } })
    await askRaw(front.port, getAndClose)
    await new Promise((resolve) => setTimeout(resolve, 400))
    await askRaw(front.port, getAndClose)
    expect(upstream.connections()).toBe(1)
  })

  it.each([
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ])('is not kept after an answer with %s', async (_, sent) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream] })
    for (let count = 0; count < 2; count += 1) await askRaw(front.port, getAndClose)
    expect(upstream.connections()).toBe(2)
  })

  it('is one of at most as many as the limit says', async () => {
    const waiting: (() => void)[] = []
    await using upstream = await rawUpstream((socket) => waiting.push(() => socket.write(hello)))
    await using front = await serveFront({ upstreams: [upstream], limits: { idleConnections: 2 } })
    const asked = Array.from({ length: 5 }, () => askRaw(front.port, getAndClose))
    await waitUntil(() => waiting.length === 5, { what: 'five requests' })
    for (const answer of waiting) answer()
    await Promise.all(asked)
    await waitUntil(() => upstream.sockets.filter(({ destroyed }) => destroyed).length === 3, {
      what: 'the end of three connections',
    })
  })

  it('is closed with the server', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(hello))
    const front = await serveFront({ upstreams: [upstream], limits: { idleMs: 60_000 } })
    await askRaw(front.port, getAndClose)
    await front.stop()
    await upstream.closed(0)
  })
})
