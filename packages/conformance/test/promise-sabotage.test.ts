import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendPromises, conformanceCases, type PromiseName, runSuite } from '@lockstep/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { backendNamed } from './sabotage/backend-named.ts'
import { type PromiseSabotage, promiseSabotages } from './sabotage/promise-sabotages.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-promises-'))
afterAll(() => rmSync(folder, { recursive: true }))

const names = Object.keys(backendPromises) as PromiseName[]

/** The module of the backend that breaks a promise, for the process of the subject. */
function moduleOf(name: PromiseName): string {
  const url = (file: string): string => JSON.stringify(new URL(`./sabotage/${file}`, import.meta.url).href)
  const file = join(folder, `${name.replaceAll('/', '-')}.mjs`)
  writeFileSync(
    file,
    `import { backendNamed } from ${url('backend-named.ts')}
import { promiseSabotages } from ${url('promise-sabotages.ts')}
const { backend, bend } = promiseSabotages[${JSON.stringify(name)}]
export default bend(await backendNamed(backend))
`,
  )
  return file
}

describe('the promises of a backend', () => {
  it.each(names)('%s has a case through the door of the backend alone', (name) => {
    const cases = conformanceCases.filter(({ promises }) => promises?.includes(name))
    expect(cases.filter(({ doors }) => doors?.includes('backend') ?? true).length).toBeGreaterThan(0)
  })
})

describe.skipIf(!runsEverything)(`the suite fails on a backend that breaks its promise${whyLeftOut}`, () => {
  it.concurrent.each(names)('%s', { timeout: 120_000 }, async (name) => {
    const sabotage: PromiseSabotage = promiseSabotages[name]
    const backend = sabotage.bend(await backendNamed(sabotage.backend))
    const cases = conformanceCases.filter(({ promises }) => promises?.includes(name))
    const results = await runSuite(
      { backend, backendName: moduleOf(name) },
      { cases, doors: ['backend'], atATime: 2 },
    )
    expect(
      results.map(({ status }) => status),
      `${sabotage.what}: ${JSON.stringify(results, null, 2)}`,
    ).toContain('fail')
  })
})
