import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasSupervisor } from '../../clients/has-supervisor.ts'
import { poll } from '../../clients/poll.ts'
import { steadyLoad } from '../../clients/steady-load.ts'
import { allThatAnswer, workerOf } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

const source = 'issue of the life of a cluster, "Rolling reload"'

/** A file in the folder of the case, which the gated app looks at. */
function sign(folder: string, name: string): { remove(): void } {
  const file = join(folder, name)
  writeFileSync(file, '')
  return { remove: () => rmSync(file) }
}

const bothOf = (subject: Subject): Promise<string[]> => allThatAnswer(subject, 2)

const balances = ['round-robin', 'shared', 'reuse-port'] as const

export const replacementCases: readonly ConformanceCase[] = [
  ...balances.map(
    (balance): ConformanceCase => ({
      id: `processes/reload/loses-nothing-under-${balance}`,
      level: 'MUST',
      requirement: `Under ${balance}, a reload and a change of the number of workers lose no connection.`,
      source,
      observes: ['balance', 'workers'],
      async run({ start, declines }) {
        const subject = await start({ workers: 2, balance })
        if (!(await hasSupervisor(subject, 2))) declines('supervisor')
        await bothOf(subject)
        const load = steadyLoad(subject)
        for (let count = 0; count < 2; count += 1)
          assert.deepEqual(await subject.replaceWorkers(), { replaced: 2, code: null })
        assert.deepEqual(await subject.scale('+1'), { workers: 3, code: null })
        assert.deepEqual(await subject.scale('-2'), { workers: 1, code: null })
        assert.deepEqual((await load.stop()).failures, [])
      },
    }),
  ),
  {
    id: 'processes/reload/replaces-every-worker-at-no-loss',
    level: 'MUST',
    requirement: 'A reload replaces every worker without losing a request.',
    source,
    observes: ['reload.maxSurge', 'workers'],
    async run({ start }) {
      const subject = await start({ workers: 2, reload: { maxSurge: 1 } })
      const before = await bothOf(subject)
      const load = steadyLoad(subject)
      const outcome = await subject.replaceWorkers()
      const { answered, failures } = await load.stop()
      assert.deepEqual(outcome, { replaced: 2, code: null })
      assert.deepEqual(failures, [])
      assert.ok(answered > 0, 'nothing was asked meanwhile')
      const after = await bothOf(subject)
      assert.ok(!after.some((worker) => before.includes(worker)), `${before} and then ${after}`)
    },
  },
  {
    id: 'processes/reload/starts-as-many-at-a-time-as-it-may',
    level: 'MUST',
    requirement: 'With a maximum surge of two, a reload starts two new workers at a time.',
    source,
    observes: ['reload.maxSurge'],
    async run({ start, apps, folder, runtime }) {
      // Each boot of it waits for another one at the same time.
      sign(folder, 'pairs')
      const subject = await start({
        app: apps.gated,
        workers: 2,
        reload: { maxSurge: 2 },
        // Processes start slowly there.
        timeouts: { boot: runtime.platform === 'win32' ? '20s' : '5s' },
      })
      assert.deepEqual(await subject.replaceWorkers(), { replaced: 2, code: null })
    },
  },
  {
    id: 'processes/reload/does-without-as-many-as-it-may',
    level: 'MUST',
    requirement:
      'If one worker may be unavailable, a reload drains an old worker before the new one is ready.',
    source,
    observes: ['reload.maxUnavailable'],
    async run({ start, apps, folder }) {
      const subject = await start({
        app: apps.gated,
        workers: 2,
        reload: { maxSurge: 0, maxUnavailable: 1 },
      })
      await bothOf(subject)
      const gate = sign(folder, 'gate')
      const replaced = subject.replaceWorkers()
      // When the case fails earlier, it is not awaited.
      replaced.catch(() => undefined)
      await allThatAnswer(subject, 1)
      gate.remove()
      assert.deepEqual(await replaced, { replaced: 2, code: null })
    },
  },
  {
    id: 'processes/reload/a-broken-app-changes-nothing',
    level: 'MUST',
    requirement:
      "A reload fails with the app's error when the app can't be loaded, and the old workers keep serving.",
    source,
    observes: ['reload.maxSurge', 'app'],
    async run({ start, apps, folder, isFront }) {
      const subject = await start({ app: apps.gated, workers: 2, reload: { maxSurge: 1 } })
      const before = await bothOf(subject)
      const broken = sign(folder, 'broken')
      const load = steadyLoad(subject)
      assert.deepEqual(await subject.replaceWorkers(), {
        replaced: 0,
        code: isFront ? 'LOCKSTEP_ERR_PROGRAM_ENDED' : 'LOCKSTEP_ERR_APP_LOAD',
      })
      assert.deepEqual((await load.stop()).failures, [])
      assert.deepEqual((await bothOf(subject)).sort(), before.sort())
      broken.remove()
      assert.deepEqual(await subject.replaceWorkers(), { replaced: 2, code: null })
    },
  },
  {
    id: 'processes/scale/up-and-down-at-no-loss',
    level: 'MUST',
    requirement: 'A running server changes its number of workers without losing a request.',
    source: 'issue of the life of a cluster, "Scaling"',
    observes: ['workers'],
    async run({ start, declines }) {
      const subject = await start({ workers: 2 })
      if (!(await hasSupervisor(subject, 2))) declines('supervisor')
      const load = steadyLoad(subject)
      assert.deepEqual(await subject.scale('+1'), { workers: 3, code: null })
      await allThatAnswer(subject, 3)
      assert.deepEqual(await subject.scale('1'), { workers: 1, code: null })
      await allThatAnswer(subject, 1)
      assert.deepEqual((await load.stop()).failures, [])
    },
  },
  {
    id: 'processes/recycle/max-requests-replaces-a-worker-at-no-loss',
    level: 'MUST',
    requirement:
      'The server replaces a worker that has answered its maximum of requests, without losing a request.',
    source: 'docs/options.md: recycle.maxRequests; Gunicorn 3038',
    observes: ['recycle.maxRequests'],
    async run({ start }) {
      const subject = await start({ recycle: { maxRequests: 30, maxRequestsJitter: 0 } })
      const first = await workerOf(subject)
      for (let count = 2; count < 30; count += 1)
        assert.equal(await workerOf(subject), first, `replaced before request ${count}`)
      const load = steadyLoad(subject)
      await poll(() => workerOf(subject), { until: (worker) => worker !== first, what: 'another worker' })
      assert.deepEqual((await load.stop()).failures, [])
    },
  },
  {
    id: 'processes/recycle/max-requests-jitter-gives-more',
    level: 'MUST',
    requirement: 'With a jitter, a worker answers more requests than the limit.',
    source: 'docs/options.md: recycle.maxRequestsJitter',
    observes: ['recycle.maxRequestsJitter'],
    async run({ start }) {
      // The chance that it is less than a hundred is one in ten million.
      const subject = await start({ recycle: { maxRequests: 1, maxRequestsJitter: 1_000_000_000 } })
      const first = await workerOf(subject)
      for (let count = 0; count < 100; count += 1) assert.equal(await workerOf(subject), first)
    },
  },
  {
    id: 'processes/recycle/lifetime-and-its-jitter',
    level: 'MUST',
    requirement: 'The server replaces a worker at the end of its lifetime, and later if a jitter is set.',
    source: 'docs/options.md: recycle.lifetime, recycle.lifetimeJitter',
    observes: ['recycle.lifetime', 'recycle.lifetimeJitter'],
    async run({ start }) {
      const later = await start({ recycle: { lifetime: '300ms', lifetimeJitter: '24h' } })
      const unchanged = await workerOf(later)
      const subject = await start({ recycle: { lifetime: '300ms', lifetimeJitter: 0 } })
      const first = await workerOf(subject)
      const load = steadyLoad(subject, { clients: 1 })
      await poll(() => workerOf(subject), { until: (worker) => worker !== first, what: 'another worker' })
      assert.deepEqual((await load.stop()).failures, [])
      assert.equal(await workerOf(later), unchanged)
    },
  },
  {
    id: 'processes/recycle/memory-replaces-a-worker',
    level: 'MUST',
    requirement: 'The server replaces a worker whose resident set stays above the limit.',
    source: 'docs/options.md: recycle.memory',
    observes: ['recycle.memory'],
    async run({ start }) {
      // No Node process is as small.
      const subject = await start({ recycle: { memory: '16MiB' }, timeouts: { hang: '1s' } })
      const first = await workerOf(subject)
      await poll(() => workerOf(subject), { until: (worker) => worker !== first, what: 'another worker' })
    },
  },
  {
    id: 'processes/recycle/heap-replaces-a-worker',
    level: 'MUST',
    requirement: 'The server replaces a worker whose heap stays above the limit.',
    source: 'docs/options.md: recycle.heap',
    observes: ['recycle.heap'],
    async run({ start }) {
      const subject = await start({ recycle: { heap: '1MiB' }, timeouts: { hang: '1s' } })
      const first = await workerOf(subject)
      await poll(() => workerOf(subject), { until: (worker) => worker !== first, what: 'another worker' })
    },
  },
]
