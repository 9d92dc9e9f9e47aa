import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  listeningSockets,
  namesOfListeners,
  parseLsof,
  parseNetstat,
  parseTcpTable,
} from '../../src/platform/program/listening-sockets.ts'
import { judgeListening } from '../../src/platform/program/prove-listening.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function listen(where: { host: string } | { path: string }): Promise<number> {
  const server = createServer()
  open.push(server)
  server.listen('path' in where ? where : { port: 0, ...where })
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe.skipIf(process.platform !== 'linux')('the sockets of this system', () => {
  it('include those of this process, with their addresses', async () => {
    const hosts = ['127.0.0.1', '::1', '0.0.0.0', '::'] as const
    const ports: number[] = []
    for (const host of hosts) ports.push(await listen({ host }))
    const found = await listeningSockets()
    for (const [at, host] of hosts.entries())
      expect(found).toContainEqual({ kind: 'tcp', host, port: ports[at], pids: [process.pid] })
  })

  it('include those of a table that takes several reads, each by its name too', async () => {
    const ports: number[] = []
    for (let count = 0; count < 150; count += 1) ports.push(await listen({ host: '::1' }))
    const found = await listeningSockets({ of: [process.pid] })
    const own = found?.filter(({ pids }) => pids.includes(process.pid)) ?? []
    expect(own.map((one) => (one.kind === 'tcp' ? one.port : 0))).toEqual(expect.arrayContaining(ports))
    expect(namesOfListeners()?.size).toBeGreaterThanOrEqual(150)
  })

  it('include UNIX domain sockets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
    try {
      const path = join(folder, 'with space')
      await listen({ path })
      expect(await listeningSockets()).toContainEqual({ kind: 'unix', path, pids: [process.pid] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it.skipIf(!existsSync('/usr/bin/lsof'))('are read from a real lsof too', async () => {
    const ports = [await listen({ host: '127.0.0.1' }), await listen({ host: '::' })]
    const text = execFileSync('/usr/bin/lsof', ['-nP', '-a', '-p', String(process.pid), '-iTCP', '-Fptn'])
    const found = parseLsof(text.toString('latin1'))
    expect(found).toContainEqual({ kind: 'tcp', host: '127.0.0.1', port: ports[0], pids: [process.pid] })
    expect(found).toContainEqual({ kind: 'tcp', host: '::', port: ports[1], pids: [process.pid] })
  })
})

describe('the tables of the systems', () => {
  it('are read from netstat in any language, without connections', () => {
    const text = [
      'Aktive Verbindungen',
      '',
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          1234',
      '  TCP    127.0.0.1:51000        127.0.0.1:8080         HERGESTELLT      44',
      '  TCP    [::1]:8080             [::]:0                 À L’ÉCOUTE       5678',
      '  TCP    [fe80::1%12]:445       [::]:0                 LISTENING        4',
      '  UDP    0.0.0.0:123            *:*                                     99',
      '',
    ].join('\r\n')
    expect(parseNetstat(text)).toEqual([
      { kind: 'tcp', host: '0.0.0.0', port: 135, pids: [1234] },
      { kind: 'tcp', host: '::1', port: 8080, pids: [5678] },
      { kind: 'tcp', host: 'fe80::1', port: 445, pids: [4] },
    ])
  })

  it('are read from the sockets of lsof on macOS', () => {
    const text = [
      'p71',
      'f5',
      'tIPv4',
      'n127.0.0.1:8080',
      'f6',
      'tIPv6',
      'n*:9090',
      'p72',
      'f1',
      'tunix',
      'n/tmp/a/s',
      'f2',
      'tunix',
      'n->0x1',
      '',
    ]
    expect(parseLsof(text.join('\n'))).toEqual([
      { kind: 'tcp', host: '127.0.0.1', port: 8080, pids: [71] },
      { kind: 'tcp', host: '::', port: 9090, pids: [71] },
      { kind: 'unix', path: '/tmp/a/s', pids: [72] },
    ])
  })

  it('are empty for what has another form', () => {
    for (const parse of [parseNetstat, parseLsof, parseTcpTable]) expect(parse('no table\n')).toEqual([])
  })
})

describe('the proof of who listens', () => {
  const place = { kind: 'tcp', host: '127.0.0.1', port: 8080 } as const
  const at = (host: string, port: number, ...pids: number[]) => ({ kind: 'tcp', host, port, pids }) as const
  const judge = (...sockets: ReturnType<typeof at>[]) => judgeListening(place, { members: [7, 8], sockets })

  it('accepts a process of the program', () => {
    expect(judge(at('127.0.0.1', 8080, 8), at('0.0.0.0', 22, 1))).toEqual({ is: 'proven', exposed: [] })
  })

  it('names the places that other machines reach', () => {
    const exposed = [
      { kind: 'tcp', host: '0.0.0.0', port: 8080 },
      { kind: 'tcp', host: '10.0.0.1', port: 9 },
    ]
    expect(judge(at('0.0.0.0', 8080, 7), at('10.0.0.1', 9, 8), at('127.0.0.1', 5, 7))).toEqual({
      is: 'proven',
      exposed,
    })
  })

  it('finds that another process has the port', () => {
    expect(judge(at('127.0.0.1', 8080, 99))).toEqual({ is: 'taken', pid: 99 })
    expect(judge(at('0.0.0.0', 8080))).toEqual({ is: 'taken', pid: null })
  })

  it('is not deceived by a wildcard of the program when another process has the address itself', () => {
    expect(judge(at('0.0.0.0', 8080, 7), at('127.0.0.1', 8080, 99))).toEqual({ is: 'taken', pid: 99 })
  })

  it('finds where the program listens instead', () => {
    expect(judge(at('127.0.0.1', 8081, 7))).toEqual({
      is: 'elsewhere',
      places: [{ kind: 'tcp', host: '127.0.0.1', port: 8081 }],
    })
    expect(judge()).toEqual({ is: 'elsewhere', places: [] })
  })

  it('takes an IPv6 socket for the IPv4 address that is mapped into it', () => {
    expect(judge(at('::ffff:7f00:1', 8080, 7))).toEqual({ is: 'proven', exposed: [] })
  })
})

it.runIf(process.platform === 'linux')('names what listens, and no connections', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  const [accepted] = await Promise.all([once(server, 'connection'), once(client, 'connect')])
  const nameOf = (socket: object): string =>
    readlinkSync(`/proc/self/fd/${(socket as { _handle: { fd: number } })._handle.fd}`).replace(/\D/g, '')
  const [listener, connection] = [nameOf(server), nameOf(accepted[0] as object)]
  expect(namesOfListeners()).toContain(listener)
  expect(namesOfListeners()).not.toContain(connection)
  client.destroy()
  server.close()
  await once(server, 'close')
  expect(namesOfListeners()).not.toContain(listener)
})
