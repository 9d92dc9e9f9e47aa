import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { OptionInput } from '@lockstep/core/internal'
import { renamedFiles } from '../../certificates/replaceable-pair.ts'
import { blockOne } from '../../clients/block-one.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import { spreadOfRequests } from '../../clients/spread-of-requests.ts'
import { allThatAnswer, crashOne, type ServingWorker, workersOf } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { twoServersCase } from '../binding/port-claim-cases.ts'
import { stopUnderLoadCase } from './accept-queue-cases.ts'

const source = 'docs/options.md: balance'

/** Cases for every way in which connections reach the workers. */
export function casesOfBalance(
  balance: Exclude<OptionInput<'balance'>, 'auto' | undefined>,
): ConformanceCase[] {
  return [
    {
      id: `processes/balance/${balance}/all-serve`,
      level: 'MUST',
      requirement: `Under ${balance}, the given number of workers serve, also after one of them has died.`,
      source,
      observes: ['balance', 'workers'],
      async run({ start, backend }) {
        const subject = await start({ workers: 2, balance })
        await allThatAnswer(subject, 2)
        if (backend.lacks?.includes('revival')) return
        const dead = await crashOne(subject)
        await poll(() => workersOf(subject), {
          until: (workers) => workers.length === 2 && !workers.includes(dead),
          what: 'answers of its successor and of the other one',
        })
      },
    },
    {
      id: `processes/balance/${balance}/what-waits-outlives-its-worker`,
      level: 'MUST',
      requirement: `Under ${balance}, the server answers the connections that a killed worker had not accepted.`,
      source,
      observes: ['balance', 'timeouts.hang'],
      async run({ start }) {
        const subject = await start({ workers: 2, balance, timeouts: { hang: '1s' } })
        await blockOne(subject, { ms: 60_000 })
        const answers = await Promise.all(
          Array.from({ length: 16 }, () => request({ ...subject, path: '/pid', deadlineMs: 15_000 })),
        )
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      },
    },
    {
      id: `processes/balance/${balance}/what-waits-is-served-before-the-stop`,
      level: 'MUST',
      requirement: `Under ${balance}, a server that stops answers every connection that its client had opened before.`,
      source: 'docs/options.md: timeouts.graceful',
      observes: ['balance', 'timeouts.graceful'],
      async run({ start }) {
        const subject = await start({ workers: 1, balance, timeouts: { graceful: '15s' } })
        await blockOne(subject, { ms: 1_500 })
        const connections = await Promise.all(Array.from({ length: 10 }, () => openRaw(subject)))
        for (const connection of connections)
          connection.send('GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
        const stopping = subject.stop()
        // When the case fails earlier, it is not awaited.
        stopping.catch(() => undefined)
        for (const connection of connections) await connection.until('"pid"', 10_000)
        await stopping
      },
    },
    twoServersCase(`processes/balance/${balance}/two-servers-share-no-port`, { balance }),
    stopUnderLoadCase(`processes/balance/${balance}/no-new-connection-is-lost`, { balance }),
    {
      id: `processes/balance/${balance}/every-worker-takes-a-new-certificate`,
      level: 'MUST',
      requirement: `Under ${balance}, every worker presents the new certificate on each connection after a reload.`,
      source,
      observes: ['balance', 'tls.cert'],
      async run({ start, folder, certificates: { server, otherServer } }) {
        const files = renamedFiles(folder, server)
        const subject = await start({
          workers: 2,
          balance,
          tls: { cert: files.cert, key: files.key, watch: false },
        })
        await spreadOfRequests({ ...subject, tls: {} }, { count: 10, atOnce: 2 })
        files.replace(otherServer)
        assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
        for (let count = 0; count < 20; count += 1) {
          const seen = await request({ ...subject, tls: {} })
          assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, otherServer.fingerprint256])
        }
      },
    },
    {
      id: `processes/balance/${balance}/every-address-is-served`,
      level: 'MUST',
      requirement: `Under ${balance}, the server serves all ports and the redirect address.`,
      source,
      observes: ['balance', 'bind', 'tls.redirect'],
      async run({ start, certificates: { server } }) {
        const port = await freePort()
        const subject = await start({
          workers: 2,
          balance,
          bind: ['127.0.0.1:0', 'localhost:0'],
          host: undefined,
          port: undefined,
          tls: { cert: server.certFile, key: server.keyFile, redirect: `127.0.0.1:${port}` },
        })
        const [first, second] = subject.addresses
        assert.ok(first?.kind === 'tcp' && second?.kind === 'tcp')
        const statuses = await Promise.all([
          request({ ...first, tls: {} }).then(({ status }) => status),
          request({ ...second, tls: {} }).then(({ status }) => status),
          request({ host: '127.0.0.1', port }).then(({ status }) => status),
        ])
        assert.deepEqual(statuses, [200, 200, 308])
      },
    },
    {
      id: `processes/balance/${balance}/a-unix-socket-is-served`,
      level: 'MUST',
      requirement: `Under ${balance}, all workers serve a UNIX domain socket, and its file is gone after the stop.`,
      source,
      observes: ['balance', 'bind'],
      needs: ['unix-sockets'],
      async run({ start, folder }) {
        const socketPath = join(folder, 'app.sock')
        const subject = await start({
          workers: 2,
          balance,
          bind: `unix:${socketPath}`,
          host: undefined,
          port: undefined,
        })
        await poll(() => workersBySocket(socketPath), {
          until: (workers) => workers.size === 2,
          what: 'answers of both workers',
        })
        await subject.stop()
        assert.equal(existsSync(socketPath), false)
      },
    },
  ]
}

/** The workers that answer some requests at once. */
async function workersBySocket(socketPath: string): Promise<Set<string>> {
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const asked = httpRequest({ socketPath, path: '/pid', agent: false }).end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      return JSON.parse(await text(response)) as ServingWorker
    }),
  )
  return new Set(answers.map(({ worker }) => worker))
}
