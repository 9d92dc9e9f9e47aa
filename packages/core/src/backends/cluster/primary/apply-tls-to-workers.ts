import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * Applies a TLS snapshot to all workers in two phases: each builds it, and only when all have, each puts it to use. Rejects with the first
 * worker's error, and then every worker serves the old one.
 */
export async function applyTlsToWorkers({
  number,
  tls,
  previous,
  workers,
  adopt,
}: {
  /** Names this snapshot in messages. The number above it is free too. */
  number: number
  tls: PlannedTls
  previous: PlannedTls
  workers: () => readonly WorkerHandle[]
  /** Every worker that is started from now on begins with that snapshot. */
  adopt: (tls: PlannedTls) => void
}): Promise<void> {
  const serving = workers().filter(({ state }) => state === 'ready')
  await Promise.all(serving.map((worker) => worker.exchanges.tls.prepare(number, tls)))
  adopt(tls)
  try {
    // What was started since, or boots still, has begun with the old one.
    const others = workers().filter((worker) => !serving.includes(worker))
    await Promise.all([
      ...serving.map((worker) => worker.exchanges.tls.commit(number)),
      ...others.map((worker) => install(worker, { number, tls })),
    ])
  } catch (error) {
    adopt(previous)
    await Promise.all(
      workers().map((worker) =>
        // Rather no worker than one that serves something else than the others: its successor begins with what holds.
        install(worker, { number: number + 1, tls: previous }).catch(() => worker.kill()),
      ),
    )
    throw error
  }
}

/**
 * Both phases at once. It does not wait for a worker that boots: that one reads messages in their order, these before any connection. One
 * that drains gets no connection any more.
 */
async function install(
  worker: WorkerHandle,
  { number, tls }: { number: number; tls: PlannedTls },
): Promise<void> {
  if (worker.state === 'draining') return
  const isReady = worker.state === 'ready'
  const installed = Promise.all([
    worker.exchanges.tls.prepare(number, tls),
    worker.exchanges.tls.commit(number),
  ])
  if (isReady) await installed
  else installed.catch(() => worker.kill())
}
