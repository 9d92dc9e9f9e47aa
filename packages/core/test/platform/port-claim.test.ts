import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../test/support/failed-launch.ts'
import { removeStaleSocket } from '../../src/platform/files/remove-stale-socket.ts'
import { tryAddresses } from '../../src/platform/net/address/try-addresses.ts'
import { type HeldAddress, holdAddress } from '../../src/platform/net/hold-address.ts'
import { listenOnAll } from '../../src/platform/net/listen.ts'
import { sharesPort } from '../../src/platform/net/port-owner.ts'
import { bindHandle } from '../../src/platform/node/internals/bind-handle.ts'

const tcp = (port: number, mayMove = false) => ({ kind: 'tcp', host: '127.0.0.1', port, mayMove }) as const

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lockstep-claim-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const socketPath = (): string => join(folder(), 'app.sock')

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

describe('an address that is tested before the start', () => {
  it.each([
    ['a port', () => tcp(0)],
    ['a socket file', () => ({ kind: 'unix', path: socketPath(), mayMove: false }) as const],
  ])('does not listen, so that no client can connect: %s', async (_what, address) => {
    const asked = address()
    expect(await listening(async () => expect(await tryAddresses([asked])).toEqual([]))).toBe(0)
    // The same check does see a listening server.
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
    expect(missing.map(({ code }) => code)).toEqual(['LOCKSTEP_ERR_SOCKET_PATH'])
  })
})

describe('an address that the primary holds', () => {
  const inUse = { code: 'LOCKSTEP_ERR_ADDRESS_IN_USE' }

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

  it.each([1, 2])('makes a launcher without a fixed port use the next one (%i sockets)', async (sockets) => {
    const port = await freePort()
    await hold(tcp(port), { sockets, backlog: 8 })
    const moved = await hold(tcp(port, true), { sockets, backlog: 8 })
    expect(moved.address).toMatchObject({ kind: 'tcp', movedFrom: port })
  })
})

it('a stale socket file is left alone if another launcher replaces it meanwhile', async () => {
  const path = socketPath()
  // The state that a killed process leaves: a bound socket file without a listener.
  const killed = bindHandle(path, { port: -1, family: -1 })
  const removed = removeStaleSocket(path)
  rmSync(path)
  const other = bindHandle(path, { port: -1, family: -1 })
  onTestFinished(() => other.close())
  await removed
  expect(existsSync(path)).toBe(true)
  killed.close()
})

// https://man7.org/linux/man-pages/man7/socket.7.html, SO_REUSEPORT: the system lets both bind.
it.skipIf(process.platform !== 'linux')(
  'a socket of another program that shares the port is detected',
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

// The apps keep their event loop busy right after loading, while the launcher binds.
it.each([
  ['single', {}],
  ['cluster', { balance: 'round-robin', workers: 2 }],
  ['cluster', { balance: 'shared', workers: 2 }],
  ['cluster', { balance: 'reuse-port', workers: 2 }],
] as const)(
  'simultaneous launches with the default port each get their own port: %s %o',
  async (backend, way) => {
    const file = join(folder(), 'app.mjs')
    writeFileSync(
      file,
      `const compute = () => { for (const end = Date.now() + 300; Date.now() < end; ); }
    setTimeout(compute, 3)
    export default (_request, response) => response.end()`,
    )
    const handles = await Promise.all(
      Array.from({ length: 3 }, () =>
        launch(
          { app: file, backend, ...way, log: { level: 'silent' } },
          { config: false, envFile: false, environment: false },
        ),
      ),
    )
    try {
      expect(new Set(handles.map(({ url }) => url)).size).toBe(3)
    } finally {
      await Promise.all(handles.map((handle) => handle.stop()))
    }
  },
)
