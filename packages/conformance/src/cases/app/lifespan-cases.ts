import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFile } from '../../app-file.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const app = appFile('lifespan-app')

export const lifespanCases: readonly ConformanceCase[] = [
  {
    id: 'app/lifespan/start-is-awaited-before-it-serves',
    level: 'MUST',
    requirement:
      "Every process awaits the app's exported start before it serves, and passes it the number of the worker.",
    source: 'docs/lifespan.md',
    observes: ['app'],
    contract: ['lifespan/start', 'lifespan/worker'],
    async run({ start }) {
      const subject = await start({ app })
      const { startedAs } = JSON.parse((await request({ ...subject })).body) as { startedAs: unknown }
      // One process has no number, or the first.
      assert.ok(startedAs === null || startedAs === 1, `it was started as ${String(startedAs)}`)
    },
  },
  {
    id: 'app/lifespan/every-worker-starts',
    level: 'MUST',
    requirement: 'With several workers, each of them calls start and stop.',
    source: 'docs/lifespan.md',
    observes: ['app', 'workers'],
    async run({ start, folder }) {
      const subject = await start({ app, workers: 2 })
      await subject.stop()
      const lines = notes(folder)
      for (const what of ['started', 'stopped'])
        assert.equal(
          new Set(lines.filter((line) => line.endsWith(` ${what}`))).size,
          2,
          `what was noted: ${lines.join(', ')}`,
        )
    },
  },
  {
    id: 'app/lifespan/stop-is-awaited-after-the-drain',
    level: 'MUST',
    requirement:
      "A server that stops aborts the app's signal at once, and awaits the app's stop after the last answer.",
    source: 'docs/lifespan.md',
    observes: ['app', 'timeouts.graceful'],
    promises: ['stop/lifespan'],
    contract: ['lifespan/stop', 'lifespan/signal'],
    async run({ start, folder }) {
      const subject = await start({ app })
      const slow = request({ ...subject, path: '/slow' })
      await poll(() => notes(folder), {
        until: (lines) => lines.some((line) => line.endsWith(' asked')),
        what: 'the request to be in flight',
      })
      await subject.stop()
      assert.equal((await slow).status, 200)
      const order = notes(folder).map((line) => line.slice(line.indexOf(' ') + 1))
      assert.deepEqual(order, ['start', 'started', 'asked', 'signal', 'answers', 'stop', 'stopped'])
    },
  },
  {
    id: 'app/lifespan/a-start-that-fails-refuses-the-launch',
    level: 'MUST',
    requirement: "A launch fails with the app's own reason when the app's start fails.",
    source: 'docs/errors.md: LOCKSTEP_ERR_APP_START',
    observes: ['app'],
    async run({ startRefused }) {
      const failure = await startRefused({ app: appFile('fails-to-start-app') })
      assert.equal(failure.code, 'LOCKSTEP_ERR_APP_START')
      assert.match(failure.message, /the database is not there/)
    },
  },
]

function notes(folder: string): string[] {
  const file = join(folder, 'lifespan.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
