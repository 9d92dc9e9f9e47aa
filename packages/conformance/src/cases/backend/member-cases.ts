import assert from 'node:assert/strict'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { contractApp } from '../app/contract/contract-case.ts'

const source = 'docs/writing-a-backend.md: RunningServer'

/** Members that a backend may leave out: a case then ends as refused. */
export const memberCases: readonly ConformanceCase[] = [
  {
    id: 'backend/announce-stop/says-not-ready',
    level: 'SHOULD',
    requirement: 'After announceStop(), the path of health.ready says 503, and everything else is served.',
    source,
    observes: ['health.ready'],
    promises: ['announce-stop'],
    doors: ['backend'],
    async run({ start, declines }) {
      const subject = await start({ health: { ready: '/ready' } })
      if (!(await subject.ask('announceStop'))) declines('announceStop()')
      const status = async (path: string): Promise<number | null> =>
        (await request({ ...subject, path })).status
      await poll(() => status('/ready'), { until: (seen) => seen === 503, what: '/ready to say 503' })
      assert.equal(await status('/'), 200, 'it does not serve after announceStop()')
    },
  },
  {
    id: 'backend/reopen-logs/writes-to-a-new-file',
    level: 'SHOULD',
    requirement: 'After reopenLogs(), lines of the access log go to a new file at the same path.',
    source,
    observes: ['accessLog.file'],
    promises: ['reopen-logs'],
    doors: ['backend'],
    async run({ start, folder, runtime, declines }) {
      const file = join(folder, 'access.log')
      const subject = await start({ accessLog: { file } })
      const written = async (path: string): Promise<void> => {
        await request({ ...subject, path })
        await poll(() => textOf(file), { until: (text) => text.includes(path), what: `a line for ${path}` })
      }
      await written('/before')
      // Windows does not rename a file that is open.
      if (runtime.platform !== 'win32') renameSync(file, `${file}.1`)
      if (!(await subject.ask('reopenLogs'))) declines('reopenLogs()')
      await written('/after')
      if (runtime.platform !== 'win32') assert.doesNotMatch(textOf(`${file}.1`), /\/after/)
    },
  },
  {
    id: 'backend/listener-failure/is-returned',
    level: 'SHOULD',
    requirement: "listenerFailure() returns what a listener of the app's server has thrown.",
    source,
    observes: ['app'],
    promises: ['listener-failure'],
    doors: ['backend'],
    async run({ start, declines }) {
      const subject = await start({ app: contractApp('failing-listener') }, { isUnannounced: true })
      await request({ ...subject })
      if ((await subject.ask('listenerFailure')) === false) declines('listenerFailure()')
      await poll(() => subject.ask('listenerFailure'), {
        until: (found) => found !== false && found.code !== null,
        what: 'listenerFailure() to return an error with a code',
      })
    },
  },
  {
    id: 'backend/watch-accepts/sees-its-own-connections',
    level: 'SHOULD',
    requirement: 'The watch of watchAccepts() sees a connection to the server, and none to another server.',
    source,
    observes: ['port'],
    promises: ['watch-accepts'],
    doors: ['backend'],
    async run({ start, declines }) {
      const subject = await start()
      const seen = await subject.ask('watchAccepts')
      if (seen === false) return declines('watchAccepts()')
      assert.deepEqual(seen, { own: true, another: false })
    },
  },
  {
    id: 'backend/supervisor/replaces-one-worker',
    level: 'SHOULD',
    requirement:
      'supervisor.restart() replaces one worker, which host.verify() looks at before, and rejects for a worker that does not exist.',
    source: 'docs/writing-a-backend.md: supervisor',
    observes: ['workers'],
    promises: [
      ...(['supervisor/restart', 'supervisor/unknown-worker', 'supervisor/facts', 'host/verify'] as const),
    ],
    doors: ['backend'],
    async run({ start, declines, isFront }) {
      const subject = await start({ workers: 2 })
      const facts = await subject.ask('supervisor')
      if (facts === false) return declines('supervisor')
      assert.deepEqual([facts.wanted, facts.failing], [2, 0], 'the workers that are wanted, and that fail')
      // What a program executes is not known.
      if (!isFront) assert.deepEqual(facts.stacks.toSorted(), [1, 2], 'the workers whose stacks are shown')
      const pids = async (): Promise<(number | undefined)[]> => {
        const workers = (await subject.ask('workers')).filter(({ state }) => state === 'ready')
        return [1, 2].map((id) => workers.find((worker) => worker.id === id)?.pid)
      }
      const [first, second] = await pids()
      assert.equal(await subject.ask('restart', { worker: 2 }), null, 'restart(2)')
      const [kept, renewed] = await pids()
      assert.equal(kept, first, 'restart(2) has touched worker 1')
      assert.notEqual(renewed, second, 'restart(2) has not replaced worker 2')
      assert.equal(await subject.ask('restart', { worker: 9 }), 'RangeError', 'restart(9)')
      // An instance of a program is asked by the front itself.
      if (isFront) return
      assert.notEqual((await subject.ask('verified')).length, 0, 'host.verify() was not called')
      await subject.ask('refuseVerification')
      assert.notEqual(await subject.ask('restart', { worker: 1 }), null, 'host.verify() rejected')
      assert.equal((await pids())[0], first, 'host.verify() rejected, and the old worker is gone')
    },
  },
]

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
