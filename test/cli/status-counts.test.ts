import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'

import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

/** The connections that `lockstep status` counts, of all workers. */
async function counted(server: Started): Promise<number> {
  const { stdout } = await runLockstep(['status', '--json'], {
    env: { XDG_RUNTIME_DIR: server.runtimeFolder },
  })
  const [{ workers }] = (
    JSON.parse(stdout) as { servers: [{ workers: { served: { connections: number } }[] }] }
  ).servers
  return workers.reduce((sum, { served }) => sum + served.connections, 0)
}

describe('lockstep status', () => {
  it.each([
    { how: 'one process', args: [] },
    { how: 'round-robin', args: ['--workers', '2', '--balance', 'round-robin'] },
    { how: 'shared sockets', args: ['--workers', '2', '--balance', 'shared'] },
  ])('counts the connections of clients, and none of the launcher: $how', async ({ args }) => {
    const { cert, key } = await pairFiles()
    await using server = await startLockstep([
      ...['run', 'apps/hello.js', '--port', '0', '--cert', cert, '--key', key],
      ...['--tls-redirect', '127.0.0.1:0', ...args],
    ])
    const all = 3
    for (let count = 0; count < all; count += 1) await tlsExchange(server.port)
    await waitUntil(async () => (await counted(server)) === all, { what: `${all} connections` })
    await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    if (args.length === 0) expect(await counted(server)).toBe(all)
    else await waitUntil(async () => (await counted(server)) === 0, { what: 'new workers without clients' })
  })
})
