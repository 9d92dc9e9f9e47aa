import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type CaseResult, conformanceCases, runSuite } from '@lockstep/conformance'
import { clusterBackend, type OptionName, optionNames, singleBackend } from '@lockstep/core'
import { afterAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { type Sabotage, sabotages } from './sabotage/sabotages.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-sabotage-'))
const table: string[] = []

afterAll(() => {
  rmSync(folder, { recursive: true })
  console.log(`option → sabotage → the cases that caught it\n${table.sort().join('\n')}`)
})

/** A module of its own for each sabotage: the subject's process imports it by its URL. */
function launcherOf(name: OptionName): string {
  const url = (file: string): string => JSON.stringify(new URL(`./sabotage/${file}`, import.meta.url).href)
  const file = join(folder, `${name}.mjs`)
  writeFileSync(
    file,
    `import { sabotages } from ${url('sabotages.ts')}
import { sabotagedLaunch } from ${url('sabotaged-launcher.ts')}
export const launch = sabotagedLaunch(sabotages[${JSON.stringify(name)}])
`,
  )
  return pathToFileURL(file).href
}

const fewAtATime = 6
const isCaught = ({ status }: CaseResult): boolean => status === 'fail'

describe.skipIf(!runsEverything)(`the suite fails on a launcher that${whyLeftOut}`, () => {
  it.concurrent.each(optionNames)(
    'spoils %s, in a case that observes it',
    { timeout: 240_000 },
    async (name) => {
      const sabotage: Sabotage = sabotages[name]
      const backend = sabotage.backend === 'single' ? singleBackend : clusterBackend
      const cases = conformanceCases.filter(({ observes, slow }) => observes.includes(name) && !slow)
      const results: CaseResult[] = []
      // A few at a time, until the spoilt option is noticed.
      for (let first = 0; first < cases.length && !results.some(isCaught); first += fewAtATime) {
        results.push(
          ...(await runSuite(
            { backend, backendName: backend.name, launcher: launcherOf(name) },
            // The options that the launcher acts on are spoilt there, so that is the door to look through.
            { cases: cases.slice(first, first + fewAtATime), doors: ['launch'], atATime: 2 },
          )),
        )
      }
      const caught = results.filter(isCaught).map(({ id }) => id)
      table.push(`${name} → ${sabotage.what} → ${caught.join(', ') || 'NONE'}`)
      expect(caught, JSON.stringify(results, null, 2)).not.toEqual([])
    },
  )
})
