import assert from 'node:assert/strict'
import type { CaseContext } from '../../case-context.ts'
import { renamedFiles } from '../../certificates/replaceable-pair.ts'
import { openKept } from '../../clients/http/kept-connection.ts'
import { type Request, request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import { crashOne, workersThatAnswer } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { HeardEvent } from '../../subject/inside/questions.ts'
import type { Subject } from '../../subject/subject.ts'

const source = 'docs/writing-a-backend.md: RunningServer'

export const workerCases: readonly ConformanceCase[] = [
  {
    id: 'backend/workers/one-is-listed',
    level: 'MUST',
    requirement:
      'workers() lists the one worker with the id 1 and the process that serves, and its start was reported by worker:ready.',
    source,
    observes: ['app'],
    promises: ['workers/ids', 'workers/pids', 'workers/counts', 'host/events'],
    doors: ['backend'],
    async run({ start, isFront }) {
      const subject = await start()
      const [serving] = await workersThatAnswer(subject, 1)
      // A worker may report its counts from time to time.
      const [worker, ...others] = await poll(() => subject.ask('workers'), {
        until: ([first]) => first?.requests !== 0,
        what: 'a count of the requests of the worker',
      })
      assert.ok(worker, 'workers() lists no worker')
      assert.deepEqual([worker.id, worker.state, others.length], [1, 'ready', 0], 'the one worker')
      // A program may answer by processes of its own.
      if (!isFront) assert.equal(worker.pid, serving?.pid, 'the process id of the worker that serves')
      assertReady(await subject.ask('events'), [worker])
    },
  },
  {
    id: 'backend/workers/several-are-listed-and-replaced',
    level: 'MUST',
    requirement:
      'workers() lists each worker by its id. One that dies is reported by worker:exited, and its successor with the same id by worker:ready.',
    source,
    observes: ['workers'],
    promises: [
      ...(['workers/ids', 'workers/pids', 'workers/restarts', 'host/events'] as const),
      ...(['host/events-in-order', 'announced/after'] as const),
    ],
    doors: ['backend'],
    async run(context) {
      const { start, backend, isFront } = context
      const subject = await start({ workers: 3 })
      const hasProcesses = !backend.lacks?.includes('processes')
      const serving = isFront ? [] : await workersThatAnswer(subject, 3)
      const before = await subject.ask('workers')
      assert.deepEqual(before.map(({ id }) => id).sort(), [1, 2, 3], 'the ids of three workers')
      const pids = new Set(before.map(({ pid }) => pid))
      if (!isFront)
        assert.deepEqual(pids, new Set(serving.map(({ pid }) => pid)), 'the process ids of those that serve')
      if (hasProcesses) assert.equal(pids.size, 3, 'three processes')
      else assert.deepEqual([...pids], [subject.pid], 'the process of all threads')
      assertReady(await subject.ask('events'), before)
      if (backend.lacks?.includes('revival')) return
      await killOne(context, subject)
      const after = await poll(() => subject.ask('workers'), {
        until: (workers) =>
          workers.length === 3 && workers.some(({ restarts, state }) => restarts > 0 && state === 'ready'),
        what: 'workers() to list a worker that was restarted',
      })
      const renewed = after.find(({ restarts }) => restarts > 0)
      assert.ok(renewed && [1, 2, 3].includes(renewed.id), 'the successor has the id of its place')
      const story = (await subject.ask('events'))
        .filter(({ worker, type }) => worker === renewed.id && /:(?:ready|exited)$/.test(type))
        .map(({ type }) => type)
      assert.deepEqual(
        story,
        ['worker:ready', 'worker:exited', 'worker:ready'],
        `the events of worker ${renewed.id}`,
      )
    },
  },
  {
    id: 'backend/stopped/by-itself-before-the-announcement',
    level: 'MUST',
    requirement:
      'When a worker dies before announced() is called, it is not replaced, and `stopped` settles with an error.',
    source: 'docs/writing-a-backend.md: announced(), stopped',
    observes: ['workers'],
    promises: ['announced/before', 'stopped/by-itself'],
    doors: ['backend'],
    async run(context) {
      const subject = await context.start({ workers: 2 }, { isUnannounced: true })
      const ready = (events: readonly HeardEvent[]): number =>
        events.filter(({ type }) => type === 'worker:ready').length
      const before = ready(await subject.ask('events'))
      await killOne(context, subject)
      const end = await poll(() => subject.ask('stopped'), {
        until: (settled) => settled !== null,
        what: '`stopped` to settle after a worker has died',
      })
      assert.ok(end !== null && end.error !== null, '`stopped` settled without an error')
      assert.equal(ready(await subject.ask('events')), before, 'a worker was replaced before announced()')
      await subject.ask('stop', { urgency: 'kill' })
    },
  },
  {
    id: 'backend/apply-tls/all-or-none',
    level: 'MUST',
    requirement:
      'applyTls() with a snapshot that cannot be used rejects, and new connections and open ones stay as they are.',
    source: 'docs/writing-a-backend.md: applyTls(tls)',
    observes: ['tls.cert', 'tls.key'],
    promises: ['apply-tls/all-or-none', 'apply-tls/open-connections', 'apply-tls/new-connections'],
    doors: ['backend'],
    async run({ start, folder, certificates: { server, otherServer } }) {
      const files = renamedFiles(folder, server)
      const subject = await start({ tls: { cert: files.cert, key: files.key, watch: false } })
      const seen = async (): Promise<unknown> =>
        (await request({ ...subject, tls: {} })).tls?.fingerprint256 ?? null
      using kept = await openKept({ ...subject, tls: {} })
      const { isRefused } = await subject.ask('applyUnusableTls')
      assert.ok(isRefused, 'it resolved with a key that is not a key')
      assert.equal(await seen(), server.fingerprint256, 'the leaf after applyTls() was rejected')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
      assert.equal(await seen(), otherServer.fingerprint256, 'the leaf after applyTls()')
      assert.equal((await kept.get('/')).status, 200, 'the open connection was cut')
    },
  },
  {
    id: 'backend/apply-tls/later-workers-start-with-it',
    level: 'MUST',
    requirement: 'A worker that starts after applyTls() presents the new certificate.',
    source: 'docs/writing-a-backend.md: applyTls(tls)',
    observes: ['tls.cert', 'workers'],
    promises: ['apply-tls/later-workers'],
    doors: ['backend'],
    async run(context) {
      const { start, folder, backend, declines } = context
      const { server, otherServer } = context.certificates
      const files = renamedFiles(folder, server)
      const subject = await start({ workers: 2, tls: { cert: files.cert, key: files.key, watch: false } })
      if (backend.lacks?.includes('revival')) declines('workers that start later')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
      await killOne(context, { ...subject, tls: {} })
      await poll(() => subject.ask('workers'), {
        until: (workers) => workers.some(({ restarts, state }) => restarts > 0 && state === 'ready'),
        what: 'workers() to list a worker that was restarted',
      })
      for (let count = 0; count < 16; count += 1) {
        const { tls } = await request({ ...subject, tls: {} })
        assert.equal(tls?.fingerprint256, otherServer.fingerprint256, 'the leaf of a worker')
      }
    },
  },
]

/** Ends a worker as a crash does. A program may revive processes of its own, so its first one is killed. */
async function killOne({ isFront, runtime }: CaseContext, target: Subject & Request): Promise<void> {
  const [worker] = await target.ask('workers')
  // Another platform has other process ids.
  const canKill = isFront && runtime.platform === process.platform && worker !== undefined
  if (canKill) process.kill(worker.pid, 'SIGKILL')
  else await crashOne(target)
}

/** Each was reported before `start()` resolved. */
function assertReady(events: readonly HeardEvent[], workers: readonly { id: number; pid: number }[]): void {
  for (const { id, pid } of workers) {
    const found = events.find(({ type, worker }) => type === 'worker:ready' && worker === id)
    assert.ok(found, `there was no event worker:ready for worker ${id}`)
    assert.ok(found.isInStart, `worker:ready for worker ${id} came after start() had resolved`)
    assert.equal(found.pid, pid, `the process id in worker:ready for worker ${id}`)
  }
}
