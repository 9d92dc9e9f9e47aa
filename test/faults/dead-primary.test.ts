import { expect, it } from 'vitest'
import { startFaulty } from '../support/faulty-cluster.ts'
import { waitUntilGone } from '../support/processes.ts'

it('leaves nothing 2 s after the primary was killed: no worker, no process of the app, not even under an endless loop', async () => {
  await using server = await startFaulty(['--workers', '3'])
  const looping = await server.provoke('/child').then(() => server.provoke('/child'))
  await server.provoke('/loop')
  const before = server.processes()
  expect(looping).toBeGreaterThan(0)
  expect(before).toHaveLength(1 + 3 + 2)
  server.signal('SIGKILL')
  await waitUntilGone(server.processes, 2_000)
})
