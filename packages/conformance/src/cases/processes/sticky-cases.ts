import assert from 'node:assert/strict'
import { type Request, request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ServingWorker } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const source = 'docs/sticky.md'
const requests = 24

/** What an answer says of the worker: the one that has sent it, and the cookie that names it. */
interface Told {
  readonly worker: string
  readonly cookie: string | null
}

/** Over a connection of its own. */
async function ask(
  target: Request,
  { path = '/pid', cookie }: { path?: string; cookie?: string | null } = {},
): Promise<Told> {
  const seen = await request({
    ...target,
    path,
    headers: cookie ? [['Cookie', cookie]] : [],
    deadlineMs: 20_000,
  })
  assert.equal(seen.status, 200)
  const set = [seen.headers['set-cookie'] ?? []].flat()
  const named = set.find((one) => one.startsWith('lockstep_worker_'))
  return { worker: (JSON.parse(seen.body) as ServingWorker).worker, cookie: named?.split(';', 1)[0] ?? null }
}

async function workersOf(target: Request, cookie?: string | null): Promise<string[]> {
  const told = await Promise.all(
    Array.from({ length: requests }, () => ask(target, { cookie: cookie ?? null })),
  )
  return [...new Set(told.map(({ worker }) => worker))]
}

/** Clients come back to the worker that has served them before. */
export const stickyCases: readonly ConformanceCase[] = [
  {
    id: 'processes/sticky/cookie/brings-a-client-back',
    level: 'MUST',
    requirement:
      'With sticky cookie, requests with the cookie of an answer reach the process that has sent the answer.',
    source,
    observes: ['sticky'],
    async run({ start }) {
      const subject = await start({ workers: 3, sticky: 'cookie' })
      const { worker, cookie } = await ask(subject)
      assert.ok(cookie !== null, 'the first answer sets a cookie')
      assert.deepEqual(await workersOf(subject, cookie), [worker])
    },
  },
  {
    id: 'processes/sticky/cookie/brings-a-client-back-over-tls',
    level: 'MUST',
    requirement:
      'With sticky cookie, requests over TLS reach their process too, and the app sees that they came over TLS.',
    source,
    observes: ['sticky'],
    async run({ start, certificates: { server } }) {
      const { host, port } = await start({
        workers: 3,
        sticky: 'cookie',
        tls: { cert: server.certFile, key: server.keyFile },
      })
      const subject = { host, port, tls: {} }
      const { worker, cookie } = await ask(subject)
      assert.ok(cookie !== null, 'the first answer sets a cookie')
      assert.deepEqual(await workersOf(subject, cookie), [worker])
      const seen = await Promise.all(
        Array.from({ length: requests }, () =>
          request({ ...subject, path: '/tls', headers: [['Cookie', cookie]] }),
        ),
      )
      for (const { body } of seen) assert.equal((JSON.parse(body) as { encrypted: boolean }).encrypted, true)
    },
  },
  {
    id: 'processes/sticky/cookie/names-another-worker-when-one-has-died',
    level: 'MUST',
    requirement:
      'With sticky cookie, the clients of a process that has died are served by another one, and stay with it.',
    source,
    observes: ['sticky'],
    async run({ start, backend, declines }) {
      const subject = await start({ workers: 2, sticky: 'cookie' })
      if (backend.lacks?.includes('revival')) declines('replacement for a worker that dies')
      const { worker, cookie } = await ask(subject)
      assert.ok(cookie !== null, 'the first answer sets a cookie')
      await ask(subject, { path: '/crash', cookie })
      const next = await poll(() => ask(subject, { cookie }).catch(() => null), {
        until: (told) => told !== null && told.worker !== worker,
        what: 'an answer of another process',
      })
      // A program such as Gunicorn may start the process again by itself: its cookie still holds then.
      assert.deepEqual(await workersOf(subject, next?.cookie ?? cookie), [next?.worker])
    },
  },
  {
    id: 'processes/sticky/address/brings-a-client-back',
    level: 'MUST',
    requirement:
      'With sticky address, all requests of one address reach the same process, and no cookie is set.',
    source,
    observes: ['sticky'],
    async run({ start }) {
      const subject = await start({ workers: 3, sticky: 'address' })
      assert.equal((await workersOf(subject)).length, 1)
      assert.equal((await ask(subject)).cookie, null)
    },
  },
  {
    id: 'processes/sticky/none/sets-no-cookie',
    level: 'MUST',
    requirement: 'Without sticky, the server sets no cookie.',
    source,
    observes: ['sticky'],
    async run({ start }) {
      assert.equal((await ask(await start({ sticky: 'none' }))).cookie, null)
    },
  },
  ...(['round-robin', 'shared', 'reuse-port'] as const).map(
    (balance): ConformanceCase => ({
      id: `processes/balance/${balance}/a-client-stays-at-its-worker`,
      level: 'MUST',
      requirement: `Under ${balance}, sticky brings all requests of a client to one worker.`,
      source,
      observes: ['balance', 'sticky'],
      async run({ start }) {
        const subject = await start({ workers: 3, balance, sticky: 'cookie' })
        const { worker, cookie } = await ask(subject)
        assert.deepEqual(await workersOf(subject, cookie), [worker])
      },
    }),
  ),
]
