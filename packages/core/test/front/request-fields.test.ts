// What the upstream gets of the fields of a request, and what the front adds.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import https from 'node:https'
import { describe, expect, it } from 'vitest'
import { clientAuthority } from '../../../../test/support/certificates.ts'
import { askRaw, http2Session, rawClient } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { type RawRequest, rawUpstream } from './upstreams.ts'

const noContent = 'HTTP/1.1 204 No Content\r\n\r\n'
const tls = { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } } as const

/** The request that the upstream gets for this one; `null`: none, and the answer instead. */
async function passedOn(text: string): Promise<{ request: RawRequest | undefined; answer: string }> {
  await using upstream = await rawUpstream((socket) => socket.write(noContent))
  await using front = await serveFront({ upstreams: [upstream] })
  const answer = await askRaw(front.port, text)
  return { request: upstream.requests[0], answer }
}

const get = (fields: string): string =>
  `GET / HTTP/1.1\r\nHost: example.com:8080\r\n${fields}Connection: close\r\n\r\n`

describe('Via', () => {
  it.each([
    ['a request without it', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', ['1.1 lockstep']],
    ['one of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\n\r\n', ['1.0 lockstep']],
    [
      'one that a proxy has passed on',
      'GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 fred, 1.1 p.example.net\r\nConnection: close\r\n\r\n',
      ['1.0 fred, 1.1 p.example.net', '1.1 lockstep'],
    ],
  ])('names the front behind the proxies before it: %s', async (_, sent, expected) => {
    const { request, answer } = await passedOn(sent)
    expect(request?.field('via')).toEqual(expected)
    expect(answer).not.toMatch(/^via:/im)
  })

  it('has the version that the client speaks: HTTP/2', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    await once(session.request({ ':path': '/' }).resume(), 'end')
    expect(upstream.requests[0]?.field('via')).toEqual(['2.0 lockstep'])
  })
})

describe('of the fields of a request, the upstream gets none', () => {
  it.each([
    ['x-forwarded-for', 'X-Forwarded-For: 6.6.6.6', ['127.0.0.1']],
    ['x-forwarded-proto', 'X-FORWARDED-PROTO: https', ['http']],
    ['x-forwarded-host', 'x-forwarded-host: evil', ['example.com:8080']],
    ['x-forwarded-port', 'X-Forwarded-Port: 1', ['8080']],
    ['x-forwarded-prefix', 'X-Forwarded-Prefix: /evil', []],
    ['x-forwarded-ssl', 'X-Forwarded-Ssl: on', []],
    ['forwarded', 'Forwarded: for=6.6.6.6', ['for=127.0.0.1;proto=http;host="example.com:8080"']],
    ['x-real-ip', 'X-Real-IP: 6.6.6.6', []],
    ['client-cert', 'Client-Cert: :evil:', []],
    ['client-cert-chain', 'Client-Cert-Chain: :evil:', []],
    ['proxy', 'Proxy: http://evil', []],
    ['proxy-authorization', 'Proxy-Authorization: Basic evil', []],
    ['proxy-connection', 'Proxy-Connection: keep-alive', []],
    ['keep-alive', 'Keep-Alive: timeout=1', []],
    ['upgrade', 'Upgrade: h2c', []],
    ['te', 'TE: gzip', []],
    ['x_forwarded_for', 'X_Forwarded_For: 6.6.6.6', []],
    ['x_forwarded-for', 'X_Forwarded-For: 6.6.6.6', []],
    ['client_cert', 'Client_Cert: :evil:', []],
    ['content_length', 'Content_Length: 5', []],
    ['transfer_encoding', 'Transfer_Encoding: chunked', []],
    ['any_name', 'Any_Name: with an underscore', []],
  ])('that a client made up: %s', async (name, field, expected) => {
    const { request } = await passedOn(get(`${field}\r\n`))
    expect(request?.field(name)).toEqual(expected)
  })

  it('that Connection names', async () => {
    const { request } = await passedOn(
      'GET / HTTP/1.1\r\nX-One: 1\r\nHost: a\r\nConnection: close, X-One\r\nX-Two: 2\r\nConnection: x-three, Host, X-Forwarded-For\r\nX-Three: 3\r\n\r\n',
    )
    expect(request?.field('x-one')).toEqual([])
    expect(request?.field('x-three')).toEqual([])
    expect(request?.field('x-two')).toEqual(['2'])
    expect(request?.field('host')).toEqual(['a'])
    expect(request?.field('x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(request?.field('connection')).toEqual([])
  })
})

describe('the upstream gets', () => {
  it('each other field as it came, in order', async () => {
    const { request } = await passedOn(
      get('X-One: a\r\nCookie: b=c; d=e\r\nX-One: caf\xe9\r\nAccept: */*\r\n'),
    )
    expect(request?.head).toContain('\r\nX-One: a\r\nCookie: b=c; d=e\r\nX-One: caf\xe9\r\nAccept: */*\r\n')
  })

  it('TE only for trailers', async () => {
    const { request } = await passedOn(get('TE: gzip;q=1, trailers\r\n'))
    expect(request?.field('te')).toEqual(['trailers'])
    expect(request?.field('connection')).toEqual(['TE'])
  })

  it('a length for a POST without a body', async () => {
    const { request } = await passedOn('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(request?.field('content-length')).toEqual(['0'])
  })

  it('the target in origin-form, with the host of one in absolute-form', async () => {
    const { request } = await passedOn(
      'GET http://real.example/a?b HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n',
    )
    expect(request?.head).toMatch(/^GET \/a\?b HTTP\/1\.1\r\nHost: real\.example\r\n/)
    expect(request?.field('x-forwarded-host')).toEqual(['real.example'])
  })

  it('the target * of OPTIONS', async () => {
    const { request } = await passedOn('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(request?.head).toMatch(/^OPTIONS \* HTTP\/1\.1\r\n/)
  })

  it('a Host also for a request of HTTP/1.0 without one', async () => {
    const { request } = await passedOn('GET / HTTP/1.0\r\n\r\n')
    expect(request?.head).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
  })

  it('the scheme and the port of a client over TLS', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    await once(
      session.request({
        ':path': '/',
        ':authority': 'example.com',
        'x-forwarded-proto': 'gopher',
        x_forwarded_for: '6.6.6.6',
      }),
      'response',
    )
    const [request] = upstream.requests
    expect(request?.field('x-forwarded-proto')).toEqual(['https'])
    expect(request?.field('x-forwarded-port')).toEqual(['443'])
    expect(request?.field('x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(request?.field('forwarded')).toEqual(['for=127.0.0.1;proto=https;host=example.com'])
    expect(request?.head).not.toContain('6.6.6.6')
  })

  it('an IPv6 address in brackets and quotes', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({ upstreams: [upstream], options: { bind: ['[::1]:0'], ...tls } })
    await using session = await http2Session(front.url)
    await once(session.request({ ':path': '/', ':authority': '[::1]:8443' }), 'response')
    const [request] = upstream.requests
    expect(request?.field('x-forwarded-for')).toEqual(['::1'])
    expect(request?.field('x-forwarded-port')).toEqual(['8443'])
    expect(request?.field('forwarded')).toEqual(['for="[::1]";proto=https;host="[::1]:8443"'])
  })
})

describe('a client certificate', () => {
  const askWith = async (
    front: { readonly port: number },
    certificate: { cert?: string; key?: string },
  ): Promise<void> => {
    const request = https.get({
      ...{ host: '127.0.0.1', port: front.port, rejectUnauthorized: false, agent: false },
      ...{ headers: { 'Client-Cert': ':made up:' } },
      ...certificate,
    })
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'end')
  }

  it('that was verified is passed on, with its issuer (RFC 9440)', async () => {
    const { caPem, client } = await clientAuthority()
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, clientAuth: 'request', ca: caPem } },
    })
    await askWith(front, { cert: `${client.cert}\n${caPem}`, key: client.key })
    await askWith(front, {})
    const [shown, none] = upstream.requests
    const der = (pem: string): string => `:${new X509Certificate(pem).raw.toString('base64')}:`
    expect(shown?.field('client-cert')).toEqual([der(client.cert)])
    expect(shown?.field('client-cert-chain')).toEqual([der(caPem)])
    expect(none?.field('client-cert')).toEqual([])
  })

  it('over HTTP/2 is passed on too', async () => {
    const { caPem, client } = await clientAuthority()
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, protocols: ['h2'], clientAuth: 'require', ca: caPem } },
    })
    await using session = await http2Session(front.url, client)
    await once(session.request({ ':path': '/' }), 'response')
    await once(session.request({ ':path': '/', 'client-cert': ':made up:' }), 'response')
    for (const request of upstream.requests) {
      expect(request.field('client-cert')).toEqual([expect.stringMatching(/^:MII/)])
      expect(request.field('client-cert-chain')).toEqual([expect.stringMatching(/^:MII/)])
    }
    expect(upstream.requests).toHaveLength(2)
  })

  it('of another issuer is not passed on', async () => {
    const { caPem } = await clientAuthority()
    const { client } = await clientAuthority()
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, clientAuth: 'request', ca: caPem } },
    })
    await askWith(front, client)
    expect(upstream.requests[0]?.head).not.toMatch(/client-cert/i)
  })
})

describe('a trusted proxy', () => {
  it('says who the client is, and its other fields about the client are passed on', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({
      upstreams: [upstream],
      options: { proxy: { trusted: ['127.0.0.1'] } },
    })
    await askRaw(
      front.port,
      get(
        'X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /app\r\nX-Forwarded-Port: 8443\r\nClient-Cert: :AAAA:\r\nX_Forwarded_For: 6.6.6.6\r\n',
      ),
    )
    const [request] = upstream.requests
    expect(request?.field('x-forwarded-for')).toEqual(['203.0.113.9'])
    expect(request?.field('x-forwarded-proto')).toEqual(['https'])
    expect(request?.field('x-forwarded-prefix')).toEqual(['/app'])
    expect(request?.field('x-forwarded-port')).toEqual(['8443'])
    expect(request?.field('client-cert')).toEqual([':AAAA:'])
    expect(request?.field('x_forwarded_for')).toEqual([])
    expect(request?.field('forwarded')).toEqual(['for=203.0.113.9;proto=https;host="example.com:8080"'])
  })

  it('may speak for another client in each request on a connection', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({
      upstreams: [upstream],
      options: { proxy: { trusted: ['127.0.0.1'] } },
    })
    const from = (address: string): string =>
      `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\n\r\n`
    using client = rawClient(front.port, from('203.0.113.1') + from('203.0.113.2'))
    await client.until(/204[\s\S]*204/)
    expect(upstream.requests.map((request) => request.field('x-forwarded-for'))).toEqual([
      ['203.0.113.1'],
      ['203.0.113.2'],
    ])
  })
})

describe('a request that could be read in two ways is refused:', () => {
  const post = (fields: string, body = ''): string =>
    `POST / HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n${body}`
  it.each([
    [
      'a length and a transfer coding',
      post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
      400,
    ],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello'), 400],
    ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello'), 400],
    ['a length with a sign', post('Content-Length: +5\r\n', 'hello'), 400],
    [
      'another transfer coding before chunked',
      post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
      501,
    ],
    ['a transfer coding that looks like chunked', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
    ['a transfer coding after chunked', post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'), 400],
    ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
    [
      'a transfer coding in HTTP/1.0',
      'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a space before a colon', post('Content-Length : 5\r\n', 'hello'), 400],
    ['a bare CR in a field', post('X-One: a\rX-Two: b\r\n'), 400],
    ['a bare LF in a field', post('X-One: a\nX-Two: b\r\n'), 400],
    ['a NUL in a field', post('X-One: a\0b\r\n'), 400],
    ['a folded field', post('X-One: a\r\n b\r\n'), 400],
    ['a fragment in the target', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ])('%s', async (_, text, status) => {
    const { request, answer } = await passedOn(text)
    expect(request).toBe(undefined)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it.each([
    ['a path with a space', { ':path': '/a b HTTP/1.1\r\nX: y' }],
    ['a path without a slash', { ':path': 'a' }],
    ['a method with a space', { ':path': '/', ':method': 'GET / HTTP/1.1\r\nX:' }],
    ['a value with a line break', { ':path': '/', 'x-one': 'a\r\nX-Two: b' }],
    ['a length and more bytes', { ':path': '/', ':method': 'POST', 'content-length': '2' }],
  ])('%s over HTTP/2', async (what, fields) => {
    await using upstream = await rawUpstream((socket) => socket.write(noContent))
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    session.on('error', () => undefined)
    let outcome: unknown
    try {
      const stream = session.request(fields as never, { endStream: false })
      stream.on('error', () => undefined)
      stream.end(what.startsWith('a length') ? 'more than two' : undefined)
      outcome = await Promise.race([
        once(stream, 'response').then(([head]) => head[':status']),
        once(stream, 'close').then(() => 'reset'),
      ])
    } catch {
      outcome = 'not sent'
    }
    // HTTP/2 leaves out a field with such a value.
    if (what.startsWith('a value'))
      expect(upstream.requests.every(({ head }) => !head.includes('X-Two'))).toBe(true)
    else expect([400, 'reset', 'not sent']).toContain(outcome)
    // With a length that is wrong, the request may have begun, and is then cut.
    if (what.startsWith('a length'))
      expect(upstream.sockets.every(({ destroyed }) => destroyed || upstream.requests.length === 0)).toBe(
        true,
      )
    else if (!what.startsWith('a value')) expect(upstream.requests).toEqual([])
  })
})
