// A body that Node's parser refuses takes its request with it: the program sees nothing of it, or only its beginning.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { askRaw, rawClient } from '../../packages/core/test/front/clients.ts'
import { serveFront } from '../../packages/core/test/front/serve-front.ts'
import { rawUpstream } from '../../packages/core/test/front/upstreams.ts'
import { waitUntil } from '../support/wait-until.ts'
import { recordingUpstream } from './recording-upstream.ts'

const get = 'GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
/** The parser removes the tab, hands the head out, and refuses the body in the same turn. */
const head = 'POST /outer HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\t\r\n\r\n'
const body = '5\r\nhello\r\n0\r\n\r\n'

afterEach(() => {
  vi.useRealTimers()
})

describe('a request whose body the parser refuses with its head', () => {
  it.each([
    { how: 'together', isKept: true },
    { how: 'together', isKept: false },
    { how: 'apart', isKept: true },
    { how: 'apart', isKept: false },
  ])(
    'never reaches the program: sent $how, a connection to it was kept: $isKept',
    { timeout: 60_000 },
    async ({ how, isKept }) => {
      await using upstream = await recordingUpstream()
      await using front = await serveFront({
        upstreams: [upstream],
        limits: isKept ? {} : { idleConnections: 0 },
      })
      const statuses = new Set<string>()
      for (let count = 0; count < 200; count += 1) {
        if (isKept) await askRaw(front.port, get)
        const socket = connect(front.port, '127.0.0.1')
        let answer = ''
        socket.on('data', (bytes) => {
          answer += bytes.toString('latin1')
        })
        socket.on('error', () => undefined)
        socket.write(how === 'together' ? head + body : head)
        if (how === 'apart') {
          await pause(count % 3)
          if (socket.writable) socket.write(body)
        }
        if (!socket.closed) await once(socket, 'close')
        statuses.add(answer.slice(9, 12))
      }
      // What the program got is there by now.
      await askRaw(front.port, get)
      expect(upstream.recorded().filter(({ target }) => target === '/outer')).toEqual([])
      expect([...statuses]).toEqual(['400'])
    },
  )

  it('behind a request that is not answered yet, never reaches the program either', async () => {
    await using upstream = await rawUpstream((socket, request) => {
      if (!request.head.startsWith('GET /slow'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, `GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${head}${body}`)
    await waitUntil(() => upstream.requests.length > 0, { what: 'the first request' })
    await askRaw(front.port, get)
    upstream.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow')
    expect((await client.closed()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(upstream.requests.map((one) => one.head.split(' ')[1])).toEqual(['/slow', '/plain'])
  })
})

describe('a request whose body the parser refuses later', () => {
  it('is taken from the program at once, though the client keeps its connection', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream] })
    const socket = connect({ port: front.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.write(`${head.replace('\t', '')}5\r\nhello\r\n`)
    await waitUntil(() => upstream.requests.length > 0, { what: 'the head' })
    // The server reads on for a while, so that the client gets the answer. Here that never ends.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    socket.write('x\r\n')
    await once(upstream.sockets[0] as Socket, 'close', { signal: AbortSignal.timeout(10_000) })
    socket.destroy()
  })
})
