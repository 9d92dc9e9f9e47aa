import { once } from 'node:events'
import { createServer } from 'node:net'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { BackendHost } from '../../server-backend.ts'
import type { WorkerHandle } from './worker-handle.ts'

/** Loopback, whatever the server is bound to: a machine has at least one of them. */
const hosts = ['127.0.0.1', '::1'] as const

/**
 * Looks at one worker from outside before others reach it: through a listener of its own, which hands its connections to that
 * worker alone and is gone afterwards.
 */
export async function verifyWorker(
  worker: WorkerHandle,
  { host, tls }: { host: BackendHost; tls: PlannedTls | null },
): Promise<void> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    worker.exchanges.accepts.countProbe()
    worker.handOver(socket)
  })
  try {
    // What can't be accepted, as without a free descriptor, is missed by the probe.
    server.on('error', () => undefined)
    const address = await listenOnLoopback(server)
    await Promise.race([host.verify([address], tls), diedMeanwhile(worker)])
  } finally {
    server.close()
  }
}

async function listenOnLoopback(
  server: ReturnType<typeof createServer>,
): Promise<{ kind: 'tcp'; host: string; port: number }> {
  let failure: unknown
  for (const host of hosts) {
    try {
      server.listen({ host, port: 0 })
      await once(server, 'listening')
      const bound = server.address()
      if (bound !== null && typeof bound === 'object') return { kind: 'tcp', host, port: bound.port }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function diedMeanwhile(worker: WorkerHandle): Promise<never> {
  const { code, signal } = await worker.ended
  throw new Error(`worker ${worker.id} ended while it was looked at (${signal ?? `exit code ${code}`})`)
}
