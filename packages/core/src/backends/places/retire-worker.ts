import type { StopSignal } from '../../app/app-signals.ts'
import type { Logger } from '../../log/logger.ts'
import type { StopUrgency } from '../server-backend.ts'
import type { PlacedWorker } from './placed-worker.ts'

/** How long a worker has after its deadline to end by itself, before it is killed. */
const killMarginMs = 1_000

/** Stops a worker, and kills it when it does not end in time. Settles when its process is gone. */
export async function retireWorker(
  worker: PlacedWorker,
  {
    urgency,
    signal,
    gracefulMs,
    log,
  }: { urgency: StopUrgency; signal: StopSignal; gracefulMs: number; log: Logger },
): Promise<void> {
  worker.stop({ urgency, signal, gracefulMs })
  const deadline = setTimeout(
    () => {
      log.warn(`worker ${worker.id} did not end in time and is killed`, { workerPid: worker.pid })
      worker.kill()
    },
    (urgency === 'graceful' ? gracefulMs : 0) + killMarginMs,
  )
  await worker.ended
  clearTimeout(deadline)
}
