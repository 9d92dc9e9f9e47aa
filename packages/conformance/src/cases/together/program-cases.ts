import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import { serverPair } from '../tls/server-pair.ts'

const file = fileURLToPath(new URL('../../programs/odd-program.js', import.meta.url))

async function factsOf(subject: Subject): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await request({ ...subject, path: '/' })).body) as Record<string, unknown>
}

export const programTogetherCases: readonly ConformanceCase[] = [
  {
    id: 'programs/start/all-options-together',
    level: 'MUST',
    requirement:
      'A program with all options of its start gets its words and variables, and is ready when both its path and its output say so.',
    source: 'docs/options.md: command, upstream.*',
    observes: ['command', 'upstream.setEnv', 'upstream.readyPath', 'upstream.readyOutput'],
    async run({ start, runtime }) {
      const subject = await start({
        command: [runtime.nodePath, file, 'port={port}'],
        upstream: { setEnv: ['GREETING=at {port}'], readyPath: '/ready', readyOutput: 'ready to serve' },
      })
      const { PORT, words, GREETING, asked, hasSaidSo } = await factsOf(subject)
      assert.deepEqual([words, GREETING, hasSaidSo], [[`port=${PORT}`], `at ${PORT}`, true])
      assert.ok(Number(asked) > 3, `it was asked ${asked} times, and says no three times`)
    },
  },
  {
    id: 'programs/reload-mode/restart-sends-the-signal-and-starts-the-same',
    level: 'MUST',
    requirement:
      'With reload.mode restart, a reload ends the program by its stop signal, and starts it with the same words and variables.',
    source: 'docs/options.md: reload.mode, upstream.stopSignal',
    observes: ['reload.mode', 'upstream.stopSignal', 'upstream.setEnv', 'upstream.readyOutput', 'command'],
    async run({ start, runtime, folder }) {
      const subject = await start({
        command: [runtime.nodePath, file, 'one', 'two'],
        reload: { mode: 'restart' },
        upstream: { setEnv: ['GREETING=hello'], stopSignal: 'SIGQUIT', readyOutput: 'ready to serve' },
      })
      assert.deepEqual(await subject.replaceWorkers(), { replaced: 1, code: null })
      const { words, GREETING, hasSaidSo } = await factsOf(subject)
      assert.deepEqual([words, GREETING, hasSaidSo], [['one', 'two'], 'hello', true])
      assert.equal(readFileSync(join(folder, 'signal'), 'utf8'), 'SIGQUIT')
      assert.ok(!existsSync(join(folder, 'overlap')), 'two programs ran at the same time')
    },
  },
  {
    id: 'programs/response-timeout/holds-over-tls',
    level: 'MUST',
    requirement: 'A client of TLS gets 504 when the program does not begin its response in time.',
    source: 'RFC 9110 section 15.6.5; docs/options.md: upstream.responseTimeout',
    observes: ['upstream.responseTimeout'],
    async run(context) {
      const subject = await context.start({
        upstream: { responseTimeout: '400ms' },
        tls: serverPair(context),
      })
      assert.equal((await request({ ...subject, tls: {}, path: '/slow?ms=4000' })).status, 504)
    },
  },
]
