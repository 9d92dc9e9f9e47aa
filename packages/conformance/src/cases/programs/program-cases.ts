import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import type { SubjectRuntime } from '../../subject/subject-runtime.ts'
import { serverPair } from '../tls/server-pair.ts'

const file = fileURLToPath(new URL('../../programs/odd-program.js', import.meta.url))

/** The command of the odd program. */
const odd = ({ nodePath }: SubjectRuntime, ...words: string[]): string[] => [nodePath, file, ...words]

interface Facts {
  readonly words: readonly string[]
  readonly PORT: string
  readonly HOST: string
  readonly OWN_PORT?: string
  readonly GREETING?: string
  readonly asked: number
  readonly hasSaidSo: boolean
}

async function factsOf(subject: Subject): Promise<Facts> {
  return JSON.parse((await request({ ...subject, path: '/' })).body) as Facts
}

const source = (option: string): string => `docs/options.md: ${option}`

export const programCases: readonly ConformanceCase[] = [
  {
    id: 'programs/command/names-the-private-address',
    level: 'MUST',
    requirement:
      'A program gets its private address in the placeholders of its arguments and in PORT and HOST, and every other word unchanged.',
    source: source('command'),
    observes: ['command'],
    async run({ start, runtime }) {
      const words = ['{port}', '--at={host}:{port}', 'two words', 'a"quote', '']
      const subject = await start({ command: odd(runtime, ...words) })
      const { PORT, HOST, words: got } = await factsOf(subject)
      assert.deepEqual(got, [PORT, `--at=${HOST}:${PORT}`, 'two words', 'a"quote', ''])
      assert.notEqual(Number(PORT), subject.port)
      assert.equal(HOST, '127.0.0.1')
    },
  },
  {
    id: 'programs/set-env/has-the-private-address',
    level: 'MUST',
    requirement:
      'A program gets the environment variables that are set for it, with its private address in them.',
    source: source('upstream.setEnv'),
    observes: ['upstream.setEnv'],
    async run({ start, runtime }) {
      const setEnv = ['OWN_PORT={host}:{port}', 'GREETING=a=b, {c}']
      const subject = await start({ command: odd(runtime), upstream: { setEnv } })
      const { PORT, HOST, OWN_PORT, GREETING } = await factsOf(subject)
      assert.equal(OWN_PORT, `${HOST}:${PORT}`)
      assert.equal(GREETING, 'a=b, {c}')
    },
  },
  {
    id: 'programs/ready-path/is-asked-until-it-answers',
    level: 'MUST',
    requirement: 'A program is ready once it answers the ready path with 2xx or 3xx, and not before.',
    source: source('upstream.readyPath'),
    observes: ['upstream.readyPath'],
    async run({ start, runtime }) {
      const subject = await start({ command: odd(runtime), upstream: { readyPath: '/ready' } })
      const { asked } = await factsOf(subject)
      assert.ok(asked > 3, `it was asked ${asked} times, and says no three times`)
    },
  },
  {
    id: 'programs/ready-output/is-waited-for',
    level: 'MUST',
    requirement: 'A program is ready once a line of its output contains the text, and not before.',
    source: source('upstream.readyOutput'),
    observes: ['upstream.readyOutput'],
    async run({ start, runtime }) {
      const subject = await start({ command: odd(runtime), upstream: { readyOutput: 'ready to serve' } })
      assert.equal((await factsOf(subject)).hasSaidSo, true)
    },
  },
  {
    id: 'programs/stop-signal/is-the-one-that-was-chosen',
    level: 'MUST',
    requirement: 'A stop sends the program the chosen signal, and waits for its end.',
    source: source('upstream.stopSignal'),
    observes: ['upstream.stopSignal'],
    async run({ start, runtime, folder }) {
      const subject = await start({ command: odd(runtime), upstream: { stopSignal: 'SIGINT' } })
      await factsOf(subject)
      await subject.stop()
      assert.equal(readFileSync(join(folder, 'signal'), 'utf8'), 'SIGINT')
    },
  },
  {
    id: 'programs/response-timeout/answers-for-a-slow-program',
    level: 'MUST',
    requirement: 'A client gets 504 when the program does not begin its response in time.',
    source: `RFC 9110 section 15.6.5; ${source('upstream.responseTimeout')}`,
    observes: ['upstream.responseTimeout'],
    async run({ start }) {
      const subject = await start({ upstream: { responseTimeout: '400ms' } })
      const began = performance.now()
      const { status } = await request({ ...subject, path: '/slow?ms=4000' })
      assert.equal(status, 504)
      assert.ok(performance.now() - began < 3_000, 'it took as long as the program')
      assert.equal((await request({ ...subject, path: '/' })).status, 200)
    },
  },
  connectTimeoutCase('programs/connect-timeout/answers-for-a-program-that-accepts-nothing'),
  connectTimeoutCase('programs/connect-timeout/holds-over-tls', { isOverTls: true }),
  {
    id: 'programs/reload-mode/restart-runs-one-at-a-time',
    level: 'MUST',
    requirement: 'With reload.mode restart, a reload ends the old program before it starts the new one.',
    source: source('reload.mode'),
    observes: ['reload.mode'],
    async run({ start, runtime, folder }) {
      const subject = await start({ command: odd(runtime), reload: { mode: 'restart' } })
      const { PORT } = await factsOf(subject)
      assert.deepEqual(await subject.replaceWorkers(), { replaced: 1, code: null })
      assert.equal(typeof (await factsOf(subject)).PORT, 'string', `it was at ${PORT}`)
      assert.ok(!existsSync(join(folder, 'overlap')), 'two programs ran at the same time')
    },
  },
]

/** A program whose queue of connections is full. */
function connectTimeoutCase(
  id: string,
  { isOverTls = false }: { isOverTls?: boolean } = {},
): ConformanceCase {
  return {
    id,
    level: 'MUST',
    requirement: `${isOverTls ? 'Over TLS, a' : 'A'} client gets 504 when the program does not accept a connection in time.`,
    source: `RFC 9110 section 15.6.5; ${source('upstream.connectTimeout')}`,
    observes: ['upstream.connectTimeout'],
    // Other systems accept more connections than the program asks for.
    needs: ['proc'],
    async run({ start, runtime, certificates }) {
      const { host, port } = await start({
        command: odd(runtime),
        upstream: { connectTimeout: '500ms' },
        ...(isOverTls && { tls: serverPair({ certificates }) }),
      })
      const subject = { host, port, ...(isOverTls && { tls: {} }) }
      assert.equal((await request({ ...subject, path: '/block' })).status, 200)
      const began = performance.now()
      // Its queue takes a few of them, which wait until it goes on.
      const first = await Promise.any(
        Array.from({ length: 8 }, async () => {
          const { status } = await request({ ...subject, path: '/' })
          assert.equal(status, 504)
        }),
      ).then(
        () => true,
        () => false,
      )
      const tookMs = performance.now() - began
      assert.ok(first, 'every request was answered by the program')
      assert.ok(tookMs < 3_000, `the first 504 came after ${Math.round(tookMs)} ms`)
    },
  }
}
