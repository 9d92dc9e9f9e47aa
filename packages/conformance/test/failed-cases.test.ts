// What a failed case says, and whose failure it is.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CaseResult,
  type ConformanceCase,
  nativeRuntime,
  request,
  runSuite,
} from '@lockstep/conformance'
import { singleBackend } from '@lockstep/core/backend'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

const caseOf = (id: string, run: ConformanceCase['run']): ConformanceCase => ({
  ...{
    id,
    level: 'MUST',
    requirement: 'It does what is required.',
    source: 'this test',
    observes: ['port'],
    run,
  },
})

const empty = join(temporaryFolder(), 'empty.mjs')
writeFileSync(empty, 'export default (_, response) => response.writeHead(204).end()')

const cases = [
  caseOf('equal', async () => assert.equal(1, 2)),
  caseOf('with-words', async () => assert.deepEqual(['a'], ['b'], 'the names that were sent')),
  caseOf('with-words-of-a-number', async () => assert.equal(1, 2, 'the number of names')),
  caseOf('with-own-message', async () => assert.ok(false, 'it did not start')),
  caseOf('odd-answer', async ({ start }) => {
    const { body } = await request({ ...(await start()), path: '/pid' })
    assert.ok(JSON.parse(body).missing.subject)
  }),
  caseOf('refused-connection', async ({ start }) => {
    const subject = await start()
    await subject.stop()
    await request({ ...subject, path: '/' }).then(({ body }) => JSON.parse(body))
  }),
  caseOf('not-json', async ({ start }) => {
    const subject = await start({ app: empty })
    JSON.parse((await request({ ...subject, path: '/empty' })).body)
  }),
  caseOf('no-answer', async ({ start }) => {
    const subject = await start()
    await subject.stop()
    assert.equal((await request({ ...subject, path: '/gone' })).status, 200)
  }),
  caseOf('broken-suite', async () => void JSON.parse('{')),
  caseOf('no-program', async ({ start }) => {
    await start()
    throw Object.assign(new Error('spawn no-such-program ENOENT'), {
      code: 'ENOENT',
      syscall: 'spawn no-such-program',
    })
  }),
]

let results: ReadonlyMap<string, CaseResult>
beforeAll(async () => {
  const subject = { backend: singleBackend, backendName: 'single' }
  const all = await runSuite(subject, { cases, doors: ['launch'] })
  results = new Map(all.map((one) => [one.id, one]))
}, 90_000)

const resultOf = (id: string): CaseResult => results.get(id) as CaseResult

describe('a case that fails', () => {
  it('says what was expected, what was found, and what is required', () => {
    expect(resultOf('equal')).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^expected 2, found 1.*\nRequired: It does what is required\.$/),
    })
    expect(resultOf('with-words').detail).toMatch(
      /^the names that were sent: expected \[ 'b' \], found \[ 'a' \]\nRequired: /,
    )
    expect(resultOf('with-words-of-a-number').detail).toMatch(
      /^the number of names: expected 2, found 1\nRequired: /,
    )
    expect(resultOf('with-own-message').detail).toMatch(/^it did not start\nRequired: /)
  })

  it('is a failure of the subject when the suite cannot read the answer', () => {
    expect(resultOf('odd-answer').status).toBe('fail')
    expect(resultOf('odd-answer').detail).toMatch(
      /cannot read\nRequired: It does what is required\.\n\w*Error: /,
    )
  })

  it('names the request and its answer where that is not JSON, or where none came', () => {
    expect(resultOf('not-json')).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(
        /^GET \/empty over plain HTTP was answered with status 204 and the body '', which is not JSON.*\nRequired: [^\n]*$/,
      ),
    })
    expect(resultOf('refused-connection')).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(
        /^GET \/ over plain HTTP: the connection was refused.*\nRequired: [^\n]*$/,
      ),
    })
    expect(resultOf('no-answer').detail).toMatch(
      /^expected 200, found null.*: the connection was refused \(GET \/gone over plain HTTP\)\nRequired: /,
    )
  })

  it('names the call that has not settled', { timeout: 60_000 }, async () => {
    const never = caseOf('never', async ({ start, apps }) => void (await start({ app: apps.neverReady })))
    const [result] = await runSuite(
      {
        ...{ backend: singleBackend, backendName: 'single' },
        runtime: { ...nativeRuntime, startDeadlineMs: 1_500 },
      },
      { cases: [never], doors: ['backend'] },
    )
    expect(result).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^start\(\) has neither resolved nor rejected in 1\.5 s\n/),
    })
  })

  it('is an error of the suite before a subject has answered, or when a program cannot be started', () => {
    for (const id of ['broken-suite', 'no-program']) expect(resultOf(id).status).toBe('harness error')
  })
})

describe('a case of the suite that fails', () => {
  it('never says only that two values differ', { timeout: 90_000 }, async () => {
    const file = join(temporaryFolder(), 'drops-limits.mjs')
    const limits = '{ connections: null, concurrency: null, headerBytes: 1_048_576, headerCount: 10_000 }'
    writeFileSync(
      file,
      `import { singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
       export default { ...singleBackend, name: 'drops', start: (plan, host) => singleBackend.start({ ...plan, limits: ${limits} }, host) }`,
    )
    const { default: backend } = (await import(file)) as { default: typeof singleBackend }
    const all = await runSuite(
      { backend, backendName: file },
      { cases: 'limits/*', quick: true, doors: ['backend'] },
    )
    const details = all.filter(({ status }) => status === 'fail').map(({ detail }) => detail)
    expect(details.length).toBeGreaterThan(2)
    for (const detail of details) {
      expect(detail).toMatch(/\nRequired: .+\.$/)
      expect(detail).not.toMatch(/^(Expected values|\S+ !== \S+$)/m)
    }
    expect(details.join('\n')).toMatch(/expected .+, found .+ \(assert\..*, line \d+ of cases\/limits\//)
  })
})
