import { expect, it } from 'vitest'
import { startFaulty } from '../support/faulty-cluster.ts'
import { waitUntilGone } from '../support/processes.ts'
import { waitUntil } from '../support/wait-until.ts'

it('a killed primary leaves nothing after 2 s: no worker and no process of the app, not even in an endless loop', async () => {
  await using server = await startFaulty(['--workers', '3'])
  const looping = await server.provoke('/child').then(() => server.provoke('/child'))
  await server.provoke('/loop')
  expect(looping).toBeGreaterThan(0)
  // The child of the second request may be about to start.
  await waitUntil(() => server.processes().length === 1 + 3 + 2, {
    what: () => `the primary, three workers and two children; there are ${server.processes()}`,
  })
  server.signal('SIGKILL')
  await waitUntilGone(server.processes, 2_000)
})
