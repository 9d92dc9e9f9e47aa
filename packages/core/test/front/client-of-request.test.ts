// A program behind the front gets the client that a trusted proxy names, and no other one.
import { describe, expect, it } from 'vitest'
import { askRaw } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { rawUpstream } from './upstreams.ts'

const request = [
  'GET / HTTP/1.1',
  'Host: inner.example:8080',
  'X-Forwarded-For: 198.51.100.66, 203.0.113.9',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: shop.example',
  'X_Forwarded_For: 198.51.100.66',
  'Forwarded: for=198.51.100.66',
  'Connection: close',
  '',
  '',
].join('\r\n')

/** The fields that say who the client is, as the upstream got them. */
async function claims(proxy: object, bytes: string): Promise<string[]> {
  await using upstream = await rawUpstream((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
  await using front = await serveFront({ upstreams: [upstream], options: { proxy } })
  expect(await askRaw(front.port, bytes)).toMatch(/^HTTP\/1\.1 204 /)
  return (upstream.requests[0]?.head ?? '').split('\r\n').filter((line) => /forwarded/i.test(line))
}

describe('the front', () => {
  it('says what a trusted proxy has said', async () => {
    expect(await claims({ trusted: '127.0.0.1' }, request)).toEqual([
      'X-Forwarded-For: 203.0.113.9',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 443',
      'Forwarded: for=203.0.113.9;proto=https;host=shop.example',
    ])
  })

  it('says what the connection shows when the other end is not a trusted proxy', async () => {
    for (const proxy of [{}, { trusted: '192.0.2.1' }])
      expect(await claims(proxy, request)).toEqual([
        'X-Forwarded-For: 127.0.0.1',
        'X-Forwarded-Proto: http',
        'X-Forwarded-Host: inner.example:8080',
        'X-Forwarded-Port: 8080',
        'Forwarded: for=127.0.0.1;proto=http;host="inner.example:8080"',
      ])
  })

  it('says that the client is not known if a trusted proxy does not know it', async () => {
    const forwarded = { trusted: '127.0.0.1', header: 'forwarded' }
    const [first, , , , last] = await claims(forwarded, request.replace('for=198.51.100.66', 'for=unknown'))
    expect([first, last]).toEqual([
      'X-Forwarded-For: unknown',
      'Forwarded: for=unknown;proto=http;host="inner.example:8080"',
    ])
  })

  it('says what the PROXY protocol has said', async () => {
    const bytes = `PROXY TCP6 2001:db8::9 2001:db8::1 4711 443\r\n${request}`
    const [first, , , , last] = await claims({ trusted: '127.0.0.1', protocol: 'require' }, bytes)
    expect([first, last]).toEqual([
      'X-Forwarded-For: 2001:db8::9',
      'Forwarded: for="[2001:db8::9]";proto=http;host="inner.example:8080"',
    ])
  })

  it.each([
    ['UNKNOWN', '127.0.0.1', 'PROXY UNKNOWN\r\n'],
    ['no family', '127.0.0.1', '\r\n\r\n\0\r\nQUIT\n\x21\0\0\0'],
    // Then the proxy speaks for itself.
    ['LOCAL', '203.0.113.9', '\r\n\r\n\0\r\nQUIT\n\x20\0\0\0'],
  ])('says after a PROXY header with %s that the client is %s', async (_, address, header) => {
    const [first] = await claims({ trusted: '127.0.0.1', protocol: 'require' }, `${header}${request}`)
    expect(first).toBe(`X-Forwarded-For: ${address}`)
  })
})
