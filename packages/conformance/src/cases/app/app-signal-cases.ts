import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const app = fileURLToPath(new URL('../../apps/signalled-app.js', import.meta.url))

export const appSignalCases: readonly ConformanceCase[] = [
  {
    id: 'app/signals/listeners-run-once-after-the-drain',
    level: 'MUST',
    requirement:
      "Lockstep calls the app's own listener for the stop signal once, after the last answer, and keeps its own exit code.",
    source: 'docs/lifespan.md',
    observes: ['app', 'timeouts.graceful'],
    contract: ['signal/SIGTERM', 'signal/exit in a listener'],
    // A program that calls launch() owns its process, with every listener in it.
    doors: ['command'],
    async run({ start, folder, runtime }) {
      const subject = await start({ app })
      const slow = request({ ...subject, path: '/slow' })
      await poll(() => notes(folder), {
        until: (lines) => lines.includes('asked'),
        what: 'the request to be in flight',
      })
      await subject.stop()
      assert.equal((await slow).status, 200)
      const signal = runtime.platform === 'win32' ? 'SIGINT 2' : 'SIGTERM 15'
      assert.deepEqual(notes(folder), ['asked', 'answers', signal, 'exit'])
    },
  },
]

function notes(folder: string): string[] {
  const file = join(folder, 'signals.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
