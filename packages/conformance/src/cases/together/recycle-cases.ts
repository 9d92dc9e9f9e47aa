import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { LockstepConfig, OptionName } from '@lockstep/core'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import { allThatAnswer } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const source = 'docs/events.md: worker:recycling'

interface Cause {
  readonly limit: string
  /** In the event. */
  readonly cause: string
  readonly option: OptionName
  readonly recycle: NonNullable<LockstepConfig['recycle']>
}

const causes: readonly Cause[] = [
  {
    limit: 'requests',
    cause: 'requests',
    option: 'recycle.maxRequests',
    recycle: { maxRequests: 5, maxRequestsJitter: 0 },
  },
  {
    limit: 'lifetime',
    cause: 'lifetime',
    option: 'recycle.lifetime',
    recycle: { lifetime: '300ms', lifetimeJitter: 0 },
  },
  // No Node process is as small.
  { limit: 'memory', cause: 'memory', option: 'recycle.memory', recycle: { memory: '16MiB' } },
  { limit: 'heap', cause: 'memory', option: 'recycle.heap', recycle: { heap: '1MiB' } },
]

export const recycleTogetherCases: readonly ConformanceCase[] = [
  ...causes.map(
    ({ limit, cause, option, recycle }): ConformanceCase => ({
      id: `processes/recycle/says-that-it-was-for-${limit}`,
      level: 'MUST',
      requirement: `A worker that is replaced for its limit of ${limit} is reported by worker:recycling with its cause.`,
      source,
      observes: [option],
      doors: ['backend'],
      async run({ start }) {
        const subject = await start({ recycle, timeouts: { hang: '1s' } })
        const found = await poll(
          async () => {
            await request({ ...subject, deadlineMs: 2_000 })
            return (await subject.ask('events')).filter(({ type }) => type === 'worker:recycling')
          },
          { until: (events) => events.length > 0, what: 'an event worker:recycling' },
        )
        assert.deepEqual([found[0]?.cause, found[0]?.worker], [cause, 1])
      },
    }),
  ),
  {
    id: 'processes/recycle/jitter-puts-it-off',
    level: 'MUST',
    requirement: 'With a large jitter, a worker outlives its limits of requests and of lifetime.',
    source: 'docs/options.md: recycle.maxRequestsJitter, recycle.lifetimeJitter',
    observes: ['recycle.maxRequestsJitter', 'recycle.lifetimeJitter'],
    doors: ['backend'],
    async run({ start }) {
      // The chance that one of them is reached is less than one in ten thousand.
      const subject = await start({
        recycle: {
          ...{ maxRequests: 1, maxRequestsJitter: 1_000_000_000 },
          ...{ lifetime: '100ms', lifetimeJitter: '24h' },
        },
      })
      for (let count = 0; count < 30; count += 1) assert.equal((await request({ ...subject })).status, 200)
      await pause(1_000)
      const events = await subject.ask('events')
      assert.deepEqual(
        events.filter(({ type }) => type === 'worker:recycling'),
        [],
      )
    },
  },
  {
    id: 'processes/reload/does-without-all-if-it-may',
    level: 'MUST',
    requirement: 'If two of two workers may be unavailable, a reload drains both before a new one is ready.',
    source: 'docs/options.md: reload.maxUnavailable',
    observes: ['reload.maxUnavailable'],
    doors: ['backend'],
    async run({ start, apps, folder }) {
      const subject = await start({
        app: apps.gated,
        workers: 2,
        reload: { maxSurge: 0, maxUnavailable: 2 },
      })
      await allThatAnswer(subject, 2)
      const gate = join(folder, 'gate')
      writeFileSync(gate, '')
      const replaced = subject.replaceWorkers()
      replaced.catch(() => undefined)
      await poll(() => subject.ask('workers'), {
        until: (workers) => workers.every(({ state }) => state !== 'ready'),
        what: 'both workers to be replaced at a time',
      })
      rmSync(gate)
      assert.deepEqual(await replaced, { replaced: 2, code: null })
    },
  },
]
