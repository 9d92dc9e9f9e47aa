import { describe, expect, it } from 'vitest'
import { clientByForwarded, clientByXForwarded } from '../../src/serve/client/forwarded-client.ts'
import { forwardedElements } from '../../src/serve/client/forwarded-elements.ts'
import { readNode } from '../../src/serve/client/read-node.ts'
import { trustedPeers } from '../../src/serve/client/trusted-peers.ts'

const { has } = trustedPeers(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'])

describe('readNode()', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', null],
    ['192.0.2.1:4711', '192.0.2.1', 4711],
    ['[2001:db8::1]', '2001:db8::1', null],
    ['[2001:db8::1]:4711', '2001:db8::1', 4711],
    ['2001:db8::1', '2001:db8::1', null],
    ['::ffff:192.0.2.1', '192.0.2.1', null],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1', 80],
    ['_hidden', '_hidden', null],
    ['_hidden:_port', '_hidden', null],
    ['192.0.2.1:_port', '192.0.2.1', null],
    ['unknown', null, null],
    ['unknown:80', null, 80],
    ['192.0.2.1:0', '192.0.2.1', null],
    ['192.0.2.1:65536', '192.0.2.1', null],
    ['192.0.2.256', null, null],
    ['[192.0.2.1]', null, null],
    ['evil.example', null, null],
    ['2001:db8::1:4711:zz', null, null],
    ['', null, null],
  ])('reads %j', (given, address, port) => {
    const node = readNode(given)
    expect(node.address).toBe(address)
    if (address !== null) expect(node.port).toBe(port)
  })
})

describe('forwardedElements()', () => {
  it.each([
    ['for=1;proto=https, for=2', [{ for: '1', proto: 'https' }, { for: '2' }]],
    ['For="a, \\"b\\" ;c" ; PROTO=http', [{ for: 'a, "b" ;c', proto: 'http' }]],
    [', ,for=1,,', [{ for: '1' }]],
    ['for=1;;by=2', [{ for: '1', by: '2' }]],
    ['', []],
    ['for="1', null],
    ['for=1"2"', null],
    ['for=1;for=2', null],
    ['for = 1', null],
    ['for=[::1]', null],
    ['for', null],
  ])('reads %j', (given, elements) => {
    expect(forwardedElements(given)).toEqual(elements)
  })
})

describe('clientByXForwarded()', () => {
  const address = (chain: string): string | null | undefined =>
    clientByXForwarded({ 'x-forwarded-for': chain }, has).node?.address

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['198.51.100.1,203.0.113.9,10.1.2.3,192.0.2.7', '203.0.113.9'],
    ['198.51.100.1, , 203.0.113.9,', '203.0.113.9'],
    ['10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['198.51.100.1, _hidden, 10.0.0.2', '_hidden'],
    ['198.51.100.1, nonsense, 10.0.0.2', null],
    ['198.51.100.1, ::ffff:10.0.0.1', '198.51.100.1'],
    ['198.51.100.1, [2001:db8::7]:443', '198.51.100.1'],
    [' , ', undefined],
  ])('reads %j from the right', (chain, client) => {
    expect(address(chain)).toBe(client)
  })

  it('takes the scheme and the host that the outermost trusted proxy has set or appended', () => {
    const fields = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.0.0.1' }
    expect(
      clientByXForwarded(
        {
          ...fields,
          'x-forwarded-proto': 'http, https, http',
          'x-forwarded-host': 'evil.test, a.test, b.test',
        },
        has,
      ),
    ).toMatchObject({ scheme: 'https', host: 'a.test' })
    expect(
      clientByXForwarded({ ...fields, 'x-forwarded-proto': 'wss', 'x-forwarded-host': 'a.test:1' }, has),
    ).toMatchObject({ scheme: 'https', host: 'a.test:1' })
  })

  it('takes no scheme and no host that is not one', () => {
    expect(
      clientByXForwarded({ 'x-forwarded-proto': 'ftp', 'x-forwarded-host': 'a/b@evil.test' }, has),
    ).toEqual({ node: null, scheme: null, host: null })
  })
})

describe('clientByForwarded()', () => {
  it('lets a proxy further out say what an inner one says too, and keeps what only the inner one says', () => {
    expect(
      clientByForwarded(
        { forwarded: 'for=203.0.113.9;host=a.test, for=10.0.0.1;host=b.test;proto=https' },
        has,
      ),
    ).toMatchObject({ node: { address: '203.0.113.9' }, scheme: 'https', host: 'a.test' })
  })

  it('stops at an element without a sender, which nothing vouches for', () => {
    expect(clientByForwarded({ forwarded: 'for=198.51.100.1;proto=https, host=a.test' }, has)).toMatchObject({
      node: { address: null },
      scheme: null,
      host: 'a.test',
    })
  })
})

describe('trustedPeers()', () => {
  const closed = { remoteAddress: undefined, localAddress: undefined, destroyed: true }
  const unixSocket = { ...closed, destroyed: false }

  it('takes a closed TCP connection for no UNIX domain socket', () => {
    const peers = trustedPeers(['unix'])
    expect(peers.hasPeerOf(unixSocket as never)).toBe(true)
    expect(peers.hasPeerOf(closed as never)).toBe(false)
    expect(peers.hasPeerOf({ ...unixSocket, localAddress: '127.0.0.1' } as never)).toBe(false)
    expect(trustedPeers(['127.0.0.1']).hasPeerOf(unixSocket as never)).toBe(false)
  })

  it('knows IPv4 in the form of IPv6, and trusts all by an asterisk', () => {
    const peer = { remoteAddress: '::ffff:10.9.9.9', localAddress: '::ffff:10.0.0.1', destroyed: false }
    expect(trustedPeers(['10.0.0.0/8']).hasPeerOf(peer as never)).toBe(true)
    expect(trustedPeers(['10.0.0.0/16']).hasPeerOf(peer as never)).toBe(false)
    expect(trustedPeers(['*']).has('203.0.113.9')).toBe(true)
  })
})
