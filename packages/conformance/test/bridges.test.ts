import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceCases, registerCases } from '@lockstep/conformance'
import { singleBackend } from '@lockstep/core/backend'
import * as vitest from 'vitest'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-bridge-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The bridge under test: the module of a runner as it is, and a pattern.
registerCases({ backend: singleBackend, backendName: 'single' }, vitest, {
  cases: 'app/module/*',
  quick: true,
})

const tlsCase = 'tls/cert/serves-that-leaf-with-its-chain'

/** Runs a test file of Node's own runner, in which a backend registers one case. */
function runNodeTest(backend: string): { exitCode: number | null; output: string } {
  const file = join(folder, 'backend.test.mjs')
  const imports = `import { honoured, refused, singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}`
  writeFileSync(
    file,
    `import * as runner from 'node:test'
import { registerCases } from ${JSON.stringify(import.meta.resolve('@lockstep/conformance'))}
${imports}
const backend = ${backend}
const backendName = ${JSON.stringify(join(folder, 'backend.mjs'))}
registerCases({ backend, backendName }, runner, { cases: '${tlsCase}', doors: ['backend'] })
`,
  )
  writeFileSync(join(folder, 'backend.mjs'), `${imports}\nexport default ${backend}\n`)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
    env,
  })
  return { exitCode: status, output: stdout + stderr }
}

describe('the bridge to node:test', { timeout: 90_000 }, () => {
  it('registers a test for each case, with the result of that case', () => {
    const { exitCode, output } = runNodeTest('singleBackend')
    expect([exitCode, output.match(/^ +ok 1 - tls\/cert\/serves-that-leaf[^#\n]*$/m)?.length]).toEqual([0, 1])
  })

  it('fails the test of a case that fails, with its own stack and what the clients saw', () => {
    const plain = `{ ...singleBackend, start: (plan, host) => singleBackend.start({ ...plan, tls: null }, host) }`
    const { exitCode, output } = runNodeTest(plain)
    expect(exitCode).toBe(1)
    expect(output).toMatch(/^ +not ok 1 - tls\/cert\/serves-that-leaf/m)
    expect(output).toContain('Required: ')
    expect(output).toMatch(/What the clients saw:\s+node, GET/)
    expect(output).toMatch(/^ +(?:at )?async .*conformance\/dist\/cases\/tls\//m)
  })

  it('skips the test of a case that the backend refuses, with the reason', () => {
    const refusing = `{ ...singleBackend, support: { ...singleBackend.support, 'tls.cert': refused('it has no TLS', 'Leave it out.') } }`
    const { exitCode, output } = runNodeTest(refusing)
    expect(exitCode).toBe(0)
    expect(output).toMatch(
      /^ +ok 1 - tls\/cert\/serves-that-leaf.*# SKIP refused as declared: .*it has no TLS/m,
    )
  })
})

describe('the bridge', () => {
  interface Registered {
    readonly name: string
    readonly parts: readonly unknown[]
  }

  /** A runner that only notes what is registered, and brings the members of `it` that are named. */
  function noted(members: readonly string[]) {
    const tests: Registered[] = []
    const hooks: unknown[][] = []
    const it = Object.assign(
      (name: string, ...parts: unknown[]) => void tests.push({ name, parts }),
      Object.fromEntries(
        members.map((name) => [name, (title: string) => void tests.push({ name: title, parts: [name] })]),
      ),
    )
    const hook = (...parts: unknown[]) => void hooks.push(parts)
    const runner = {
      describe: (_: string, define: () => void) => define(),
      it,
      beforeAll: hook,
      afterAll: hook,
    }
    return { runner, tests, hooks }
  }
  const subject = { backend: singleBackend, backendName: 'single' }
  const options = { cases: tlsCase, doors: ['launch'] } as const

  it.each([
    ['node:test', ['only', 'skip', 'todo'], (parts: readonly unknown[]) => parts[0]],
    ['vitest', ['each', 'fails', 'skip', 'todo'], (parts: readonly unknown[]) => parts[0]],
    ['jest', ['each', 'failing', 'skip', 'todo'], (parts: readonly unknown[]) => ({ timeout: parts[1] })],
  ])('hands the time limit of a case over as %s takes it', (_name, members, limitIn) => {
    const { runner, tests } = noted(members)
    registerCases(subject, runner, options)
    expect(tests.map(({ parts }) => limitIn(parts))).toEqual([{ timeout: 135_000 }])
  })

  it('hands no parameter to a test of jest, which would wait for a callback', () => {
    const { runner, tests, hooks } = noted(['each', 'failing', 'skip', 'todo'])
    registerCases(subject, runner, options)
    expect(tests[0]?.parts[0]).toHaveLength(0)
    expect(hooks[0]?.[1]).toBeGreaterThan(5_000)
  })

  it('skips under jest what is known before it runs', () => {
    const { runner, tests } = noted(['each', 'failing', 'skip', 'todo'])
    const onWindows = conformanceCases.filter(({ needs }) => needs?.includes('windows')).slice(0, 1)
    registerCases(subject, runner, { cases: onWindows, doors: ['launch'] })
    expect(tests).toMatchObject(
      process.platform === 'win32'
        ? [{}]
        : [{ name: expect.stringContaining('not on this platform'), parts: ['skip'] }],
    )
  })

  it('refuses a pattern that no case matches', () => {
    const { runner } = noted(['todo'])
    expect(() => registerCases(subject, runner, { cases: ['tls/*', 'tsl/*'] })).toThrow(
      /^No case matches tsl\/\*\./,
    )
  })
})
