import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const app = fileURLToPath(new URL('../../apps/listening-program.js', import.meta.url))

export const listenCases: readonly ConformanceCase[] = [
  {
    id: 'app/listen/a-program-is-served-at-the-address-of-the-options',
    level: 'MUST',
    requirement:
      'The server serves the HTTP server that a program lets listen, at the address of the options, and that server shows this address.',
    source: 'docs/app-contract.md',
    observes: ['app', 'port'],
    async run({ start }) {
      const own = await freePort()
      const subject = await start({ app, args: [String(own)] })
      assert.equal((await request({ ...subject })).body, `program ${subject.port}`)
      assert.equal((await request({ host: '127.0.0.1', port: own })).status, null)
    },
  },
  {
    id: 'app/listen/a-program-is-served-where-it-listens',
    level: 'MUST',
    requirement:
      'If the user sets no address, the server serves a program at the address that it passes to listen().',
    source: 'docs/app-contract.md: Programs that listen by themselves',
    observes: ['app', 'port'],
    contract: ['listening/port'],
    promises: ['start/of-app'],
    async run({ start }) {
      const own = await freePort()
      const subject = await start({ app, args: [String(own)], host: undefined, port: undefined })
      assert.deepEqual(
        subject.addresses,
        [{ kind: 'tcp', host: '127.0.0.1', port: own }],
        `the program calls listen(${own}, '127.0.0.1')`,
      )
      assert.equal((await request({ ...subject })).body, `program ${own}`)
    },
  },
  {
    id: 'app/listen/an-app-port-is-left-to-the-app',
    level: 'MUST',
    requirement:
      'The app itself may serve the ports of appPorts, and what listens there is not taken for the app.',
    source: 'docs/options.md: appPorts',
    observes: ['appPorts'],
    async run({ start }) {
      const metrics = await freePort()
      const subject = await start({
        app,
        args: [String(metrics), String(await freePort())],
        appPorts: [metrics],
      })
      assert.match((await request({ ...subject })).body, /^program /)
      assert.equal((await request({ host: '127.0.0.1', port: metrics })).body, 'metrics')
    },
  },
  {
    id: 'app/listen/the-workers-share-an-app-port',
    level: 'MUST',
    requirement: 'Each of several workers answers at a port of appPorts.',
    source: 'docs/options.md: appPorts',
    observes: ['appPorts', 'workers'],
    contract: ['listening/another server'],
    async run({ start }) {
      const metrics = await freePort()
      await start({
        app,
        args: [String(metrics), String(await freePort())],
        appPorts: [metrics],
        workers: 2,
      })
      const seen = new Set<string | undefined>()
      await poll(
        async () => {
          const { headers } = await request({ host: '127.0.0.1', port: metrics })
          return seen.add(headers['x-process']?.toString()).size
        },
        { until: (count) => count === 2, what: 'answers of two workers' },
      )
    },
  },
]
