import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceCases, registerCases } from '@lockstep/conformance'
import { singleBackend } from '@lockstep/core/backend'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-bridge-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The bridge under test.
registerCases(
  { backend: singleBackend, backendName: 'single' },
  { describe, it, before: beforeAll, after: afterAll },
  { cases: conformanceCases.filter(({ id }) => id.startsWith('app/module/')) },
)

/** Runs a test file of Node's own runner, in which a backend registers the cases. */
function runNodeTest(backend: string): { exitCode: number | null; output: string } {
  const file = join(folder, 'backend.test.mjs')
  writeFileSync(
    file,
    `import * as runner from 'node:test'
import { conformanceCases, registerCases } from ${JSON.stringify(import.meta.resolve('@lockstep/conformance'))}
import { singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
const backend = ${backend}
registerCases({ backend, backendName: ${JSON.stringify(join(folder, 'backend.mjs'))} }, runner, {
  cases: conformanceCases.filter(({ id }) => id === 'tls/cert/serves-that-leaf-with-its-chain'),
  doors: ['launch'],
})
`,
  )
  writeFileSync(
    join(folder, 'backend.mjs'),
    `import { singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
export default ${backend}
`,
  )
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
    env,
  })
  return { exitCode: status, output: stdout + stderr }
}

describe('the bridge to node:test', () => {
  it('registers a test for each case, with the result of that case', { timeout: 60_000 }, () => {
    const { exitCode, output } = runNodeTest('singleBackend')
    expect([exitCode, output.match(/^ +ok 1 - tls\/cert\/serves-that-leaf/m)?.length]).toEqual([0, 1])
  })

  it('fails the test of a case that fails', { timeout: 60_000 }, () => {
    const plain = `{ ...singleBackend, start: (plan, host) => singleBackend.start({ ...plan, tls: null }, host) }`
    const { exitCode, output } = runNodeTest(plain)
    expect(exitCode).toBe(1)
    expect(output).toMatch(/^ +not ok 1 - tls\/cert\/serves-that-leaf/m)
  })
})
