import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { conformanceCases, runSuite } from '@lockstep/conformance'
import { singleBackend } from '@lockstep/core/backend'
import { afterAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { contractSabotages } from './sabotage/contract-sabotages.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-contract-'))
afterAll(() => rmSync(folder, { recursive: true }))

const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

/** A script that is `lockstep`, except that the app has lost what the row is about. */
function commandOf(row: string): string {
  const file = join(folder, `${encodeURIComponent(row)}.mjs`)
  writeFileSync(
    file,
    `import { sabotageArguments } from ${url('./sabotage/sabotaged-command.ts')}
sabotageArguments(${JSON.stringify(row)})
process.argv[1] = ${JSON.stringify(fileURLToPath(new URL('../../cli/bin/lockstep.js', import.meta.url)))}
await import(${JSON.stringify(pathToFileURL(fileURLToPath(new URL('../../cli/bin/lockstep.js', import.meta.url))).href)})
`,
  )
  return file
}

describe.skipIf(!runsEverything)(`the suite fails on an app that${whyLeftOut}`, () => {
  it('has lost nothing, in no case', { timeout: 240_000 }, async () => {
    const cases = conformanceCases.filter(({ contract }) => contract?.some((row) => row in contractSabotages))
    const results = await runSuite(
      { backend: singleBackend, backendName: 'single', command: commandOf('none') },
      { cases, doors: ['command'] },
    )
    // The server has one process.
    const ofWorkers = results.filter(({ refused }) => refused?.join() === 'workers')
    expect(ofWorkers.map(({ id }) => id)).toEqual(['app/listen/the-workers-share-an-app-port'])
    expect(results.filter((one) => one.status !== 'pass' && !ofWorkers.includes(one))).toEqual([])
  })

  it.concurrent.each(Object.keys(contractSabotages))(
    'has lost %s, in a case that observes it',
    { timeout: 120_000 },
    async (row) => {
      const cases = conformanceCases.filter(({ contract }) => contract?.includes(row))
      expect(cases.length).toBeGreaterThan(0)
      const results = await runSuite(
        { backend: singleBackend, backendName: 'single', command: commandOf(row) },
        { cases, doors: ['command'], atATime: 2 },
      )
      expect(
        results.map(({ status }) => status),
        JSON.stringify(results, null, 2),
      ).toContain('fail')
    },
  )
})
