import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasFailed, runSuite } from '@lockstep/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { poll } from '../src/clients/poll.ts'
import { isInstalled } from '../src/run/environment.ts'
import caddy from './oracles/caddy-backend.ts'
import { differences } from './oracles/differences.ts'
import nginx from './oracles/nginx-backend.ts'
import { oracleCases } from './oracles/oracle-cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-oracles-'))
const { TMPDIR } = process.env

// Whatever the cases start has its current folder in this one, and can be found by that.
beforeAll(() => {
  process.env['TMPDIR'] = folder
})
afterAll(() => {
  if (TMPDIR === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = TMPDIR
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!runsEverything).each([nginx, caddy])(
  `$name, asked for its opinion${whyLeftOut},`,
  (backend) => {
    const known = differences.filter(({ program }) => program === backend.name)
    const missing = [backend.name, 'setpriv'].filter((program) => !isInstalled(program))
    const why = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not installed)`

    it.skipIf(missing.length > 0)(
      `does what the TLS cases require, but for the differences that are written down${why}`,
      { timeout: 120_000 },
      async () => {
        const results = await runSuite(
          {
            backend,
            backendName: fileURLToPath(new URL(`./oracles/${backend.name}-backend.ts`, import.meta.url)),
          },
          {
            cases: oracleCases,
            doors: ['backend'],
            knownFailures: known.map(({ id, does }) => ({ id, reason: does })),
          },
        )
        for (const { id, status } of results) console.log(`${backend.name}: ${id}: ${status}`)
        expect(results.filter(hasFailed)).toEqual([])
        const differs = results.filter(({ status }) => status === 'known failure')
        expect(differs.map(({ id }) => id).sort()).toEqual(known.map(({ id }) => id).sort())
        for (const { id, detail } of differs)
          expect(detail).toMatch(known.find((one) => one.id === id)?.shows ?? /^$/)
      },
    )
  },
)

it('leaves neither processes nor files behind', async () => {
  await poll(() => processesIn(folder), {
    until: (found) => found.length === 0,
    what: 'all processes to end',
  })
  expect(readdirSync(folder, { recursive: true })).toEqual([])
})

/** Processes with their current folder in that one; none where the kernel does not tell. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
      } catch {
        // Gone, or of somebody else.
        return false
      }
    })
}
