// Bodies go through as fast as the slower side takes them, and nothing piles up between.
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { waitUntil } from '../../../../test/support/wait-until.ts'
import { http2Session, rawClient } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { httpUpstream, rawUpstream } from './upstreams.ts'

/** What the two sockets and the front may hold together: kernels buffer some megabytes. */
const mostHeld = 24_000_000
const part = Buffer.alloc(100_000, 'x')
const tls = { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } } as const

/** Waits until a number has stopped to grow. */
async function settled(read: () => number): Promise<number> {
  let last = -1
  await waitUntil(
    async () => {
      const before = last
      await new Promise((resolve) => setTimeout(resolve, 250))
      last = read()
      return last === before && last > 0
    },
    { what: 'the end of the growth' },
  )
  return last
}

/** An upstream that sends as much as it can. */
const endless = () => {
  const sent = { bytes: 0 }
  const running = httpUpstream((_, response) => {
    const send = (): void => {
      do sent.bytes += part.length
      while (response.write(part))
    }
    response.on('drain', send)
    send()
  })
  return { sent, running }
}

describe('back pressure', () => {
  it('of a client of HTTP/1.1 reaches the upstream', async () => {
    const { sent, running } = endless()
    await using upstream = await running
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    client.socket.pause()
    expect(await settled(() => sent.bytes)).toBeLessThan(mostHeld)
    const before = sent.bytes
    client.socket.resume()
    await waitUntil(() => sent.bytes > before + mostHeld, { what: 'more of the body' })
  })

  it('of a client of HTTP/2 reaches the upstream, and only for its stream', async () => {
    const { sent, running } = endless()
    await using upstream = await running
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    await once(stream, 'response')
    expect(await settled(() => sent.bytes)).toBeLessThan(mostHeld)
    const before = sent.bytes
    stream.resume()
    await waitUntil(() => sent.bytes > before + mostHeld, { what: 'more of the body' })
    stream.close()
  })

  it('of the upstream reaches the client', async () => {
    let read: () => void = () => undefined
    await using upstream = await httpUpstream((request) => {
      read = () => request.resume()
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n')
    let sent = 0
    const send = (): void => {
      do sent += part.length
      while (client.socket.write(part))
    }
    client.socket.on('drain', send)
    send()
    expect(await settled(() => sent)).toBeLessThan(mostHeld)
    const before = sent
    read()
    await waitUntil(() => sent > before + mostHeld, { what: 'more of the body' })
  })

  it('of a client reaches the upstream of a WebSocket', async () => {
    let sent = 0
    await using upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n')
      const send = (): void => {
        do sent += part.length
        while (socket.write(part))
      }
      socket.on('drain', send)
      send()
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(
      front.port,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
    )
    client.socket.pause()
    expect(await settled(() => sent)).toBeLessThan(mostHeld)
    const before = sent
    client.socket.resume()
    await waitUntil(() => sent > before + mostHeld, { what: 'more of the bytes' })
  })
})

describe('a body', () => {
  it.each([
    ['up with a length', { 'content-length': 200 * part.length }],
    ['up in chunks', {}],
  ])('%s is the same on the other side, byte by byte', async (_, headers) => {
    let got = 0
    let isSame = true
    await using upstream = await httpUpstream((request, response) => {
      request.on('data', (bytes: Buffer) => {
        isSame &&= bytes.every((byte, index) => byte === (got + index) % 251)
        got += bytes.length
      })
      request.on('end', () => response.end('got it'))
    })
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headers })
    const answer = once(stream, 'response')
    for (let sent = 0; sent < 200 * part.length; sent += part.length) {
      const bytes = Buffer.from(part.map((_, index) => (sent + index) % 251))
      if (!stream.write(bytes)) await once(stream, 'drain')
    }
    stream.end()
    await answer
    expect({ got, isSame }).toEqual({ got: 200 * part.length, isSame: true })
    stream.close()
  })

  it.each([
    ['down with a length', true],
    ['down in chunks', false],
  ])('%s is the same on the other side, byte by byte', async (_, hasLength) => {
    const total = 20_000_000
    await using upstream = await httpUpstream(async (_request, response) => {
      if (hasLength) response.setHeader('Content-Length', total)
      for (let sent = 0; sent < total; ) {
        // Parts of all sizes, so that they are cut in all places.
        const size = Math.min(total - sent, 1 + ((sent * 7919) % 150_000))
        const bytes = Buffer.allocUnsafe(size)
        for (let index = 0; index < size; index += 1) bytes[index] = (sent + index) % 251
        sent += size
        if (!response.write(bytes)) await once(response, 'drain')
      }
      response.end()
    })
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    let got = 0
    let isSame = true
    stream.on('data', (bytes: Buffer) => {
      for (const byte of bytes) {
        isSame &&= byte === got % 251
        got += 1
      }
    })
    await once(stream, 'end')
    expect({ got, isSame }).toEqual({ got: total, isSame: true })
  })
})

describe('requests that are pipelined', () => {
  it('are answered in order', async () => {
    await using upstream = await httpUpstream((request, response) =>
      setTimeout(() => response.end(`<${request.url}>`), request.url === '/1' ? 100 : 0),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(
      front.port,
      ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
    )
    await client.until(/<\/1>[\s\S]*<\/2>[\s\S]*<\/3>/)
  })

  it('are answered whole, also if a long answer has to wait for the one before', async () => {
    const long = 'x'.repeat(5_000_000)
    await using upstream = await httpUpstream((request, response) =>
      setTimeout(() => response.end(request.url === '/1' ? 'short' : long), request.url === '/1' ? 300 : 0),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(
      front.port,
      'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    const got = await client.closed()
    expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*?\r\n\r\nshortHTTP\/1\.1 200 OK\r\n/)
    expect(got.endsWith(`\r\n\r\n${long}`)).toBe(true)
  })

  it.each([
    ['GET', 'GET'],
    ['POST', 'POST'],
    ['POST', 'GET'],
    ['GET', 'DELETE'],
  ])(
    'reach the program one after the other, also on connections of their own: %s, %s',
    async (...methods) => {
      await using upstream = await rawUpstream(() => undefined)
      await using front = await serveFront({ upstreams: [upstream] })
      const write = (method: string, path: string): string =>
        `${method} ${path} HTTP/1.1\r\nHost: a\r\n${method === 'POST' ? 'Content-Length: 0\r\n' : ''}\r\n`
      using client = rawClient(
        front.port,
        methods.map((method, index) => write(method, `/${index}`)).join(''),
      )
      await waitUntil(() => upstream.requests.length > 0, { what: 'the first request' })
      // Another one goes there and back meanwhile.
      using other = rawClient(front.port, write('GET', '/other'))
      await waitUntil(() => upstream.requests.length > 1, { what: 'the other request' })
      upstream.sockets[1]?.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother')
      await other.until('other')
      const targets = (): (string | undefined)[] => upstream.requests.map(({ head }) => head.split(' ')[1])
      expect(targets()).toEqual(['/0', '/other'])
      upstream.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst')
      await waitUntil(() => upstream.requests.length > 2, { what: 'the second request' })
      expect(targets()).toEqual(['/0', '/other', '/1'])
      upstream.sockets[upstream.requests[2]?.connection ?? 0]?.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond',
      )
      await client.until(/first[\s\S]*second/)
    },
  )

  it('never reach the program when the client goes away before their turn', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(
      front.port,
      'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    await waitUntil(() => upstream.requests.length === 1, { what: 'the first request' })
    client.socket.destroy()
    await upstream.closed(0)
    using other = rawClient(front.port, 'GET /other HTTP/1.1\r\nHost: a\r\n\r\n')
    await waitUntil(() => upstream.requests.length === 2, { what: 'the other request' })
    expect(upstream.requests[1]?.head).toMatch(/^GET \/other /)
    other.socket.destroy()
  })
})

describe('a rolling restart', () => {
  it('loses no request', async () => {
    const answerSlowly = () =>
      httpUpstream((_, response) => setTimeout(() => response.end('hello'), Math.random() * 20))
    let current = await answerSlowly()
    await using front = await serveFront({})
    let added = front.pool.add(current)
    let isOver = false
    const outcomes: string[] = []
    const ask = async (): Promise<void> => {
      const client = rawClient(front.port)
      while (!isOver) {
        const before = client.text().length
        client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')
        await client.until(new RegExp(`^[\\s\\S]{${before}}[\\s\\S]*\\r\\n\\r\\n[\\s\\S]*hello|[45]\\d\\d `))
        outcomes.push(client.text().slice(before + 9, before + 12))
      }
      client.socket.destroy()
    }
    const asking = Promise.all(Array.from({ length: 8 }, ask))
    for (let restart = 0; restart < 5; restart += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      const next = await answerSlowly()
      const addedNext = front.pool.add(next)
      await front.pool.retire(added)
      await current[Symbol.asyncDispose]()
      current = next
      added = addedNext
    }
    isOver = true
    await asking
    expect(outcomes.filter((status) => status !== '200')).toEqual([])
    expect(outcomes.length).toBeGreaterThan(50)
    await current[Symbol.asyncDispose]()
  })
})

describe('an answer', () => {
  it('to POST that is an event stream may be silent after its first event', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n'),
    )
    await using front = await serveFront({ upstreams: [upstream], limits: { silenceMs: 50 } })
    using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
    await client.until('data: first')
    upstream.sockets[0]?.write('data: second\n\n')
    await client.until('data: second')
    await new Promise((resolve) => setTimeout(resolve, 400))
    upstream.sockets[0]?.write('data: late\n\n')
    await client.until('data: late')
  })

  it('in many chunks waits for a slow client once, and not once for each chunk', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    try {
      const chunks = `64\r\n${'x'.repeat(100)}\r\n`.repeat(200_000)
      await using upstream = await rawUpstream((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`),
      )
      await using front = await serveFront({ upstreams: [upstream] })
      using client = rawClient(front.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      client.socket.pause()
      await new Promise((resolve) => setTimeout(resolve, 500))
      client.socket.resume()
      expect(await client.closed()).toMatch(/x\r\n0\r\n\r\n$/)
      expect(warnings.map(String)).toEqual([])
    } finally {
      process.off('warning', onWarning)
    }
  })
})
