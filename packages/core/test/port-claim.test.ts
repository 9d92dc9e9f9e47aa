import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../src/platform/free-port.ts'
import { type HeldAddress, holdAddress } from '../src/platform/hold-address.ts'
import { listenOnAll } from '../src/platform/listen.ts'
import { sharesPort } from '../src/platform/port-owner.ts'
import { tryAddresses } from '../src/platform/try-addresses.ts'

const tcp = (port: number, mayMove = false) => ({ kind: 'tcp', host: '127.0.0.1', port, mayMove }) as const

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-claim-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'app.sock')
}

async function hold(...[asked, options]: Parameters<typeof holdAddress>): Promise<HeldAddress> {
  const held = await holdAddress(asked, options)
  onTestFinished(() => held.close())
  return held
}

async function reusePortServer(port: number): Promise<Server> {
  const server = createServer().listen({ host: '127.0.0.1', port, reusePort: true })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return server
}

/** Servers of this process that begin to listen meanwhile. */
async function listening(act: () => Promise<unknown>): Promise<number> {
  let count = 0
  const onListen = (): void => {
    count += 1
  }
  subscribe('tracing:net.server.listen:asyncStart', onListen)
  try {
    await act()
  } finally {
    unsubscribe('tracing:net.server.listen:asyncStart', onListen)
  }
  return count
}

describe('an address that is tried before the start', () => {
  it.each([
    ['a port', () => tcp(0)],
    ['a socket file', () => ({ kind: 'unix', path: socketPath(), mayMove: false }) as const],
  ])('does not listen, so that no client gets in: %s', async (_what, address) => {
    const asked = address()
    expect(await listening(async () => expect(await tryAddresses([asked])).toEqual([]))).toBe(0)
    // The same look sees a server that does.
    expect(
      await listening(async () => {
        const [listener] = await listenOnAll([asked], {
          backlog: 1,
          pauseOnConnect: true,
          onConnection: (socket) => socket.destroy(),
        })
        listener?.server.close()
      }),
    ).toBe(1)
  })

  it('leaves no socket file behind, and refuses a folder that is missing', async () => {
    const path = socketPath()
    expect(await tryAddresses([{ kind: 'unix', path, mayMove: false }])).toEqual([])
    expect(existsSync(path)).toBe(false)
    const missing = await tryAddresses([{ kind: 'unix', path: `${path}/x/app.sock`, mayMove: false }])
    expect(missing.map(({ code }) => code)).toEqual(['ERR_SOCKET_PATH'])
  })
})

describe('an address that the primary holds', () => {
  const inUse = { code: 'ERR_ADDRESS_IN_USE' }

  it.each([1, 2])('is refused to a second launcher before a worker accepts (%i sockets)', async (sockets) => {
    const port = await freePort()
    await hold(tcp(port), { sockets, backlog: 8 })
    for (const others of [1, 2])
      await expect(holdAddress(tcp(port), { sockets: others, backlog: 8 })).rejects.toMatchObject(inUse)
    expect(await tryAddresses([tcp(port)])).toMatchObject([inUse])
  })

  it('is refused to a second launcher before a worker accepts (a socket file)', async () => {
    const address = { kind: 'unix', path: socketPath(), mayMove: false } as const
    await hold(address, { sockets: 1, backlog: 8 })
    await expect(holdAddress(address, { sockets: 1, backlog: 8 })).rejects.toMatchObject(inUse)
    expect(existsSync(address.path)).toBe(true)
  })

  it.each([1, 2])('lets another one that may move take the next port (%i sockets)', async (sockets) => {
    const port = await freePort()
    await hold(tcp(port), { sockets, backlog: 8 })
    const moved = await hold(tcp(port, true), { sockets, backlog: 8 })
    expect(moved.address).toMatchObject({ kind: 'tcp', movedFrom: port })
  })
})

// https://man7.org/linux/man-pages/man7/socket.7.html, SO_REUSEPORT: the system lets both bind.
it.skipIf(process.platform !== 'linux')(
  'a socket of another program that shares the port is found',
  async () => {
    const { port } = (await reusePortServer(0)).address() as { port: number }
    const own = await reusePortServer(port)
    const { fd } = (own as unknown as { _handle: { fd: number } })._handle
    expect(sharesPort(port, { own: [fd] })).toBe(true)
    const alone = await reusePortServer(0)
    const handle = (alone as unknown as { _handle: { fd: number } })._handle
    expect(sharesPort((alone.address() as { port: number }).port, { own: [handle.fd] })).toBe(false)
  },
)
