import { expect, it } from 'vitest'
import { startFaulty } from '../support/faulty-cluster.ts'
import { waitUntilGone } from '../support/processes.ts'
import { waitUntil } from '../support/wait-until.ts'

it('leaves nothing 2 s after the primary was killed: no worker, no process of the app, not even under an endless loop', async () => {
  await using server = await startFaulty(['--workers', '3'])
  const looping = await server.provoke('/child').then(() => server.provoke('/child'))
  await server.provoke('/loop')
  expect(looping).toBeGreaterThan(0)
  // The child of the second request may just be about to be started.
  await waitUntil(() => server.processes().length === 1 + 3 + 2, {
    what: () => `the primary, three workers and two children; there are ${server.processes()}`,
  })
  server.signal('SIGKILL')
  await waitUntilGone(server.processes, 2_000)
})
