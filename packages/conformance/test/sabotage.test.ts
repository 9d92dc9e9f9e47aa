import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type CaseResult, conformanceCases, runSuite } from '@lockstep/conformance'
import type { OptionName } from '@lockstep/core'
import { optionNames } from '@lockstep/core/backend'
import { afterAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { backendNamed } from './sabotage/backend-named.ts'
import { type Sabotage, sabotages } from './sabotage/sabotages.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-sabotage-'))
const table: string[] = []

afterAll(() => {
  rmSync(folder, { recursive: true })
  console.log(`option → sabotage → the cases that caught it\n${table.sort().join('\n')}`)
})

/** A separate module for each sabotage, because the subject's process imports it by its URL. */
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

const fewAtATime = 2
const isCaught = ({ status }: CaseResult): boolean => status === 'fail'

describe.skipIf(!runsEverything)(`the suite fails on a launcher that${whyLeftOut}`, () => {
  it.concurrent.each(optionNames)(
    'sabotages %s, in a case that observes it',
    { timeout: 240_000 },
    async (name) => {
      const sabotage: Sabotage = sabotages[name]
      const backend = await backendNamed(sabotage.backend)
      const cases = conformanceCases.filter(({ observes, slow }) => observes.includes(name) && !slow)
      const results: CaseResult[] = []
      // Runs a few cases at a time until one notices the sabotaged option.
      for (let first = 0; first < cases.length && !results.some(isCaught); first += fewAtATime) {
        results.push(
          ...(await runSuite(
            {
              backend,
              backendName: backend.name,
              backends: import.meta.resolve('@lockstep/external'),
              launcher: launcherOf(name),
            },
            // Options of the launcher are sabotaged in the launcher, so the cases must go through that door.
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
