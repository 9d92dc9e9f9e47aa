import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const app = fileURLToPath(new URL('../../apps/messaging-app.js', import.meta.url))

export const appMessageCases: readonly ConformanceCase[] = [
  {
    id: 'app/messages/are-sent-as-under-node-cluster',
    level: 'MUST',
    requirement:
      'An app has process.send(), and its process.disconnect() ends neither its process nor the server.',
    source: 'docs/messages.md',
    observes: ['app', 'waitReady'],
    contract: ['message/ready', 'message/disconnect'],
    async run({ start }) {
      const subject = await start({ app, waitReady: true })
      const ask = async (path: string): Promise<unknown> =>
        JSON.parse((await request({ ...subject, path })).body)
      assert.deepEqual(await ask('/'), { send: 'function', connected: true })
      assert.deepEqual(await ask('/disconnect'), { send: 'function', connected: false })
      assert.deepEqual(await ask('/'), { send: 'function', connected: false })
    },
  },
  {
    id: 'app/messages/ready-is-waited-for',
    level: 'MUST',
    requirement:
      "With waitReady, a launch fails when the app does not call process.send('ready') within the boot timeout.",
    source: 'docs/options.md: waitReady',
    observes: ['waitReady', 'timeouts.boot'],
    contract: ['message/ready'],
    async run({ startRefused, folder }) {
      writeFileSync(join(folder, 'silent'), '')
      const failure = await startRefused({ app, waitReady: true, timeouts: { boot: '600ms' } })
      assert.equal(failure.code, 'LOCKSTEP_ERR_BOOT_TIMEOUT')
    },
  },
  {
    id: 'app/messages/shutdown-comes-after-the-last-answer',
    level: 'MUST',
    requirement:
      'With shutdownWithMessage, the server sends shutdown once, after the last answer, to an app that listens to messages.',
    source: 'docs/options.md: shutdownWithMessage',
    observes: ['shutdownWithMessage', 'timeouts.graceful'],
    contract: ['message/shutdown'],
    async run({ start, folder }) {
      const subject = await start({ app, shutdownWithMessage: true })
      const slow = request({ ...subject, path: '/slow' })
      await poll(() => notes(folder), {
        until: (lines) => lines.includes('asked'),
        what: 'the request to be in flight',
      })
      await subject.stop()
      assert.equal((await slow).status, 200)
      assert.deepEqual(notes(folder), ['asked', 'answers', 'message "shutdown"'])
    },
  },
]

function notes(folder: string): string[] {
  const file = join(folder, 'messages.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
