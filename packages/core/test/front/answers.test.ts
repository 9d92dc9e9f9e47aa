// Answers that could be read in two ways never reach a client, and nothing of them reaches the next request.
import { describe, expect, it } from 'vitest'
import { askRaw, http2Session } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { rawUpstream } from './upstreams.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const head = (fields: string): string => `HTTP/1.1 200 OK\r\n${fields}\r\n\r\nhello`

describe('an answer is refused with 502 if it has', () => {
  it.each([
    ['another version of HTTP', 'HTTP/2 200 OK\r\n\r\n'],
    ['no version of HTTP', 'hello, this is not HTTP\r\n\r\n'],
    ['a version of HTTP/0.9', '<html>'],
    ['an empty line before it', `\r\n${hello}`],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 042 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a control character in its reason', 'HTTP/1.1 200 O\x07K\r\nContent-Length: 0\r\n\r\n'],
    [
      'a switch of protocols that was not asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    ],
    ['two lengths', head('Content-Length: 5\r\nContent-Length: 6')],
    ['the same length twice', head('Content-Length: 5\r\nContent-Length: 5')],
    ['a list of lengths', head('Content-Length: 5, 5')],
    ['a negative length', head('Content-Length: -5')],
    ['a length with a sign', head('Content-Length: +5')],
    ['a hexadecimal length', head('Content-Length: 0x5')],
    ['a length without digits', head('Content-Length: ')],
    ['a length that is too large', head('Content-Length: 99999999999999999999')],
    ['a length and a transfer coding', head('Content-Length: 5\r\nTransfer-Encoding: chunked')],
    ['a transfer coding and a length', head('Transfer-Encoding: chunked\r\nContent-Length: 5')],
    ['an unknown transfer coding', head('Transfer-Encoding: gzip, chunked')],
    ['chunked twice', head('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked')],
    ['a transfer coding that looks like chunked', head('Transfer-Encoding: xchunked')],
    ['a transfer coding in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a folded field', head('X-One: a\r\n b\r\nContent-Length: 5')],
    ['a space before a colon', head('Content-Length : 5')],
    ['a space before the first field', head(' X-One: a\r\nContent-Length: 5')],
    ['a field without a name', head(': a\r\nContent-Length: 5')],
    ['a field without a colon', head('nothing\r\nContent-Length: 5')],
    ['a bare CR in a field', head('X-One: a\rX-Two: b\r\nContent-Length: 5')],
    ['a bare LF in a field', head('X-One: a\nX-Two: b\r\nContent-Length: 5')],
    ['a NUL in a field', head('X-One: a\0\r\nContent-Length: 5')],
    [
      'a head that is too large',
      `HTTP/1.1 200 OK\r\nX-One: ${'a'.repeat(70_000)}\r\nContent-Length: 5\r\n\r\nhello`,
    ],
    ['a head without an end', `HTTP/1.1 200 OK\r\nX-One: ${'a'.repeat(100_000)}`],
  ])('%s', async (_, sent) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent, 'latin1'))
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, get)
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*an answer that is not valid HTTP\.\n/)
    expect(front.logged).toContainEqual(expect.objectContaining({ fault: 'invalid' }))
    await upstream.closed(0)
  })
})

describe('a chunked body cuts the answer if it has', () => {
  const chunked = (body: string): string => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`
  it.each([
    ['a size that is not a number', 'x\r\nhello\r\n0\r\n\r\n'],
    ['no size', '\r\nhello\r\n0\r\n\r\n'],
    ['a negative size', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size that overflows', 'fffffffffffffffff5\r\nhello\r\n0\r\n\r\n'],
    ['a space after the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['a bare LF after the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR after the size', '5\rhello\r\n0\r\n\r\n'],
    ['more bytes than its size', '5\r\nhello!\r\n0\r\n\r\n'],
    ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
    ['a LF in an extension', '5;a\nb\r\nhello\r\n0\r\n\r\n'],
    ['endless extensions', `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`],
    ['a length in its trailers', '5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n'],
    ['a folded trailer', '5\r\nhello\r\n0\r\nX-One: a\r\n b\r\n\r\n'],
    ['a trailer without a colon', '5\r\nhello\r\n0\r\nnothing\r\n\r\n'],
    ['trailers without an end', `5\r\nhello\r\n0\r\nX: ${'a'.repeat(20_000)}`],
  ])('%s', async (_, body) => {
    await using upstream = await rawUpstream((socket) => socket.write(chunked(body), 'latin1'))
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, get)
    // Where nothing was passed on yet, there is a better answer than an answer that is cut.
    if (!answer.startsWith('HTTP/1.1 502 '))
      expect(answer).not.toMatch(/0\r\n(?:[^\r]+\r\n)*\r\n$|Content-Length/)
    expect(front.logged).toContainEqual(expect.objectContaining({ fault: 'invalid' }))
  })
})

describe('bytes that no request has asked for', () => {
  it.each([
    ['after an answer', `${hello}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`],
    [
      'after an answer without a body',
      'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison',
    ],
    [
      'after a chunked answer',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison',
    ],
  ])('%s close the connection, and are the answer to nothing', async (_, sent) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream] })
    for (let count = 0; count < 3; count += 1) expect(await askRaw(front.port, get)).not.toContain('poison')
    expect(upstream.connections()).toBe(3)
  })

  it('on a connection that waits close it', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({ upstreams: [upstream], limits: { idleMs: 60_000 } })
    await askRaw(front.port, get)
    upstream.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    await upstream.closed(0)
    expect(await askRaw(front.port, get)).toMatch(/hello$/)
    expect(upstream.connections()).toBe(2)
  })
})

describe('the fields of an answer', () => {
  it('do not include those of the connection, nor those that it names', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Named\r\nKeep-Alive: timeout=77\r\nX-Named: 1\r\nX-Other: 2\r\nProxy-Connection: close\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello',
      ),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, get)
    expect(answer).toContain('X-Other: 2\r\n')
    expect(answer).not.toMatch(/X-Named|timeout=77|Proxy-Connection|Upgrade/)
  })

  it('are passed on over HTTP/2 without those that are forbidden there', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nConnection: X-Named\r\nX-Named: 1\r\nX-Other:  2 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      ),
    )
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } },
    })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    const fields = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve))
    expect(fields).toMatchObject({ ':status': 200, 'x-other': '2' })
    for (const name of ['x-named', 'connection', 'transfer-encoding']) expect(fields[name]).toBe(undefined)
    stream.resume()
    await new Promise((resolve) => stream.once('end', resolve))
  })

  it('may have characters of Latin-1', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 200 \xe9t\xe9\r\nX-One: caf\xe9\r\nContent-Length: 2\r\n\r\n\xff\x00', 'latin1'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, get)
    expect(answer).toMatch(/^HTTP\/1\.1 200 \xe9t\xe9\r\nX-One: caf\xe9\r\n[\s\S]*\r\n\r\n\xff\0$/)
  })
})
