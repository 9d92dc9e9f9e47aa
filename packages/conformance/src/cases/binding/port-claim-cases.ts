import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { OptionInput } from '@lockstep/core/internal'
import { renamedFiles } from '../../certificates/replaceable-pair.ts'
import { freePort } from '../../clients/free-port.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

/** Two servers are started for one port at the same moment, and each computes for a while right after its app was loaded. */
export function twoServersCase(
  id: string,
  { balance }: { balance?: Exclude<OptionInput<'balance'>, undefined> } = {},
): ConformanceCase {
  return {
    id,
    level: 'MUST',
    requirement: `${balance ? `Under ${balance}, when` : 'When'} two servers start on one port at the same time, one starts and the other is refused.`,
    source: 'bind(2): EADDRINUSE; socket(7): SO_REUSEPORT',
    observes: balance ? ['balance', 'port'] : ['port'],
    async run({ start, apps, folder }) {
      const port = await freePort()
      writeFileSync(join(folder, 'busy'), '')
      const options = { app: apps.gated, port, ...(balance && { workers: 2, balance }) }
      const started = await Promise.allSettled([start(options), start(options)])
      const refusals = started.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
      assert.notEqual(refusals.length, 0, 'both servers started')
      if (refusals.length === 2) throw refusals[0]
      assert.match(refusals[0]?.message ?? '', /LOCKSTEP_ERR_ADDRESS_IN_USE/)
    },
  }
}

/** Addresses of one port, where a server on one would get connections for the other. */
const overlapping = [
  ['[::]', '0.0.0.0'],
  ['0.0.0.0', '127.0.0.1'],
  ['[::]', '[::1]'],
  ['[::ffff:127.0.0.1]', '127.0.0.1'],
] as const

/** One that another program has got between the server and its clients. */
export const sharedPortCase: ConformanceCase = {
  id: 'processes/balance/reuse-port/a-program-that-shares-the-port-is-noticed',
  level: 'MUST',
  requirement:
    'A reload fails when another program has come to share the port and gets the connections, whatever it serves there.',
  source: 'socket(7): SO_REUSEPORT; docs/writing-a-backend.md: watchAccepts()',
  observes: ['balance', 'verify'],
  needs: ['proc'],
  // With the backend alone, no probe connects to the server.
  doors: ['launch', 'command'],
  async run({ start, folder, backend, declines, certificates: { server, otherServer } }) {
    if (backend.lacks?.includes('accept-watch')) declines('watchAccepts()')
    const files = renamedFiles(folder, server)
    const options = { workers: 2, balance: 'reuse-port', host: '0.0.0.0' } as const
    const subject = await start({ ...options, tls: { cert: files.cert, key: files.key, watch: false } })
    // It serves what will be planned, so that nothing else distinguishes them.
    const { port } = await start({
      ...options,
      tls: { cert: otherServer.certFile, key: otherServer.keyFile, watch: false },
    })
    const other = createServer((socket) => void forward(socket, port))
    // Of two that share a port, the one with the more exact address gets all of its connections.
    other.listen({ host: '127.0.0.1', port: subject.port, reusePort: true })
    try {
      await once(other, 'listening')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), { changed: false, code: 'LOCKSTEP_ERR_VERIFY_FAILED' })
    } finally {
      other.close()
    }
  },
}

function forward(socket: Socket, port: number): void {
  const upstream = connect({ host: '127.0.0.1', port })
  for (const [from, to] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    from.on('error', () => to.destroy())
    from.once('close', () => to.destroy())
    from.pipe(to)
  }
}

/** How many clients try at the same time: a port may be open for a millisecond only. */
const triers = 8
/** As long as a start may take on a busy machine. */
const loadDeadlineMs = 25_000

export const portClaimCases: readonly ConformanceCase[] = [
  twoServersCase('binding/port/is-not-shared-with-another-server'),
  {
    id: 'binding/bind/refuses-addresses-that-overlap',
    level: 'MUST',
    requirement: 'A launch is refused if one of its addresses would take the connections of another.',
    source: 'docs/options.md: bind; ipv6(7): a socket that is bound to :: takes IPv4 too',
    observes: ['bind'],
    async run({ startRefused }) {
      const port = await freePort()
      for (const hosts of overlapping) {
        const bind = hosts.map((host) => `${host}:${port}`)
        const { faults } = await startRefused({ bind, host: undefined, port: undefined })
        assert.deepEqual(
          faults.map(({ code }) => code),
          ['LOCKSTEP_ERR_OPTION_CONFLICT'],
          bind.join(' and '),
        )
      }
    },
  },
  {
    id: 'binding/port/is-closed-until-it-serves',
    level: 'MUST',
    requirement:
      'The port accepts no client before the app can serve it, because a client that waits for the port takes that as ready.',
    source: 'docs/options.md: port',
    observes: ['port'],
    async run({ start, apps, folder }) {
      const port = await freePort()
      const gate = join(folder, 'gate')
      writeFileSync(gate, '')
      const trying = tryToConnect(port)
      const starting = start({ app: apps.gated, port })
      starting.catch(() => undefined)
      // As long as the gate is there, the app is not loaded, and a client that gets in has come too early.
      const loading = new AbortController()
      try {
        await Promise.race([
          starting,
          trying.gotIn,
          poll(async () => readdirSync(folder), {
            until: (names) => loading.signal.aborted || names.some((name) => name.startsWith('booted-')),
            what: 'the app to be loaded',
            deadlineMs: loadDeadlineMs,
          }),
        ])
      } finally {
        loading.abort()
      }
      const early = await trying.stop()
      assert.equal(early, 0, `port ${port} accepted ${early} clients before the app was loaded`)
      rmSync(gate)
      await starting
    },
  },
]

/** Clients that connect again and again. `gotIn` resolves with the first that gets in, and `stop()` with how many did. */
function tryToConnect(port: number): { readonly gotIn: Promise<void>; stop(): Promise<number> } {
  const first = Promise.withResolvers<void>()
  let going = true
  let count = 0
  const client = async (): Promise<void> => {
    while (going) {
      const socket = connect({ host: '127.0.0.1', port })
      await once(socket, 'connect').then(
        () => {
          count += 1
          first.resolve()
        },
        () => undefined,
      )
      socket.destroy()
    }
  }
  const all = Promise.all(Array.from({ length: triers }, client))
  return {
    gotIn: first.promise,
    async stop() {
      going = false
      await all
      return count
    },
  }
}
