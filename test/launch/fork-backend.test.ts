// What docs/writing-a-backend.md says of backends that start processes, followed by one with the public pieces alone.
import { conformanceCases, runSuite } from '@lockstep/conformance'
import type { ServerBackend } from 'lockstep/backend'
import { expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'

const ids = [
  'app/listen/a-program-is-served-where-it-listens',
  'app/messages/are-sent-as-under-node-cluster',
  'backend/stop/graceful-once-and-again',
  'backend/stop/its-signal-reaches-the-app',
]

it('a backend of processes has the signals and messages of the app right', { timeout: 120_000 }, async () => {
  const backendName = `${fixtures}backends/fork-backend.js`
  const { default: backend } = (await import(backendName)) as { default: ServerBackend }
  const cases = conformanceCases.filter(({ id }) => ids.includes(id))
  const results = await runSuite({ backend, backendName }, { cases, doors: ['backend'] })
  expect(results.map(({ id, status, detail }) => [id, status, detail])).toEqual(
    ids.map((id) => [id, 'pass', '']),
  )
})
