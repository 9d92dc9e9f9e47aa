import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const bindingCases: readonly ConformanceCase[] = [
  {
    id: 'binding/bind/every-address-serves',
    level: 'MUST',
    requirement: 'The server serves the app on every bound address.',
    source: 'docs/options.md: bind',
    observes: ['bind'],
    async run({ start }) {
      const { addresses } = await start({
        bind: ['127.0.0.1:0', '[::1]:0'],
        host: undefined,
        port: undefined,
      })
      assert.equal(addresses.length, 2)
      for (const address of addresses) {
        assert.ok(address.kind === 'tcp')
        assert.equal((await request({ host: address.host, port: address.port })).status, 200)
      }
    },
  },
  {
    id: 'binding/bind/unix-socket-serves',
    level: 'MUST',
    requirement: 'The server serves the app on a bound UNIX domain socket.',
    source: 'docs/options.md: bind',
    observes: ['bind'],
    needs: ['unix-sockets'],
    async run({ start, folder }) {
      const socketPath = join(folder, 'app.sock')
      await start({ bind: `unix:${socketPath}`, host: undefined, port: undefined })
      const asked = httpRequest({ socketPath, path: '/' }).end()
      const [response] = await once(asked, 'response', { signal: AbortSignal.timeout(5_000) })
      assert.equal(response.statusCode, 200)
      response.resume()
    },
  },
  {
    id: 'binding/host/binds-that-interface-alone',
    level: 'MUST',
    requirement: 'The server binds only the interface of the given host.',
    source: 'docs/options.md: host',
    observes: ['host'],
    async run({ start }) {
      const { port } = await start({ host: '::1' })
      assert.equal((await request({ host: '::1', port })).status, 200)
      assert.equal((await request({ host: '127.0.0.1', port })).outcome, 'refused')
    },
  },
  {
    id: 'binding/port/binds-that-port',
    level: 'MUST',
    requirement: 'The server binds the given port.',
    source: 'docs/options.md: port',
    observes: ['port'],
    async run({ start }) {
      const port = await freePort()
      await start({ port })
      assert.equal((await request({ host: '127.0.0.1', port })).status, 200)
    },
  },
  {
    id: 'binding/backlog/reaches-the-kernel',
    level: 'MUST',
    requirement: 'The kernel reports the given backlog for the listening socket.',
    source: 'listen(2)',
    observes: ['backlog'],
    needs: ['ss'],
    async run({ start }) {
      const { port } = await start({ backlog: 37 })
      // For a listening socket, the column Send-Q is its backlog: ss(8).
      const row = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' })
        .trim()
        .split(/\s+/)
      assert.equal(row[2], '37')
    },
  },
]
