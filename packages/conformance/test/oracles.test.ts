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

// Every process that a case starts has its current folder below this one. This is how leaked processes are found.
beforeAll(() => {
  process.env['TMPDIR'] = folder
})
afterAll(() => {
  if (TMPDIR === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = TMPDIR
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!runsEverything).each([nginx, caddy])(`$name as an oracle${whyLeftOut}`, (backend) => {
  const known = differences.filter(({ program }) => program === backend.name)
  const missing = [backend.name, 'setpriv'].filter((program) => !isInstalled(program))
  const why = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not installed)`

  it.skipIf(missing.length > 0)(
    `passes the TLS cases, except for the documented differences${why}`,
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
})

it('leaves no processes and no files behind', async () => {
  await poll(() => processesIn(folder), {
    until: (found) => found.length === 0,
    what: 'all processes to end',
  })
  expect(readdirSync(folder, { recursive: true })).toEqual([])
})

/** Processes whose current folder is below that folder. Empty if the kernel doesn't report it. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
      } catch {
        // The process has ended, or belongs to another user.
        return false
      }
    })
}
