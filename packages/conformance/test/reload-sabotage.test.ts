import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { conformanceCases, runSuite } from '@lockstep/conformance'
import { clusterBackend } from '@lockstep/core/backend'
import { afterAll, describe, expect, it } from 'vitest'
import { reloadSabotages } from './sabotage/reload-sabotages.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-reload-sabotage-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** In a separate module, because the subject's process imports it by its URL. */
function launcherOf(what: string): string {
  const file = join(folder, `${what.replaceAll(' ', '-')}.mjs`)
  const url = new URL('./sabotage/reload-sabotages.ts', import.meta.url).href
  writeFileSync(
    file,
    `import { launchWith, reloadSabotages } from ${JSON.stringify(url)}
export const launch = launchWith(reloadSabotages[${JSON.stringify(what)}].bend)
`,
  )
  return pathToFileURL(file).href
}

describe('the suite fails on a backend that, at a reload,', () => {
  it.each(Object.entries(reloadSabotages))('%s', { timeout: 60_000 }, async (what, { caughtBy }) => {
    const cases = conformanceCases.filter(({ id }) => id === caughtBy)
    const results = await runSuite(
      { backend: clusterBackend, backendName: 'cluster', launcher: launcherOf(what) },
      { cases, doors: ['launch'] },
    )
    expect(
      results.map(({ status }) => status),
      JSON.stringify(results, null, 2),
    ).toEqual(['fail'])
  })
})
