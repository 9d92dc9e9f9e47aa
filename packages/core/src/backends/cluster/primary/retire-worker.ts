import type { StopSignal } from '../../../app/app-signals.ts'
import type { Logger } from '../../../log/logger.ts'
import type { StopUrgency } from '../../server-backend.ts'
import type { WorkerHandle } from './worker-handle.ts'

/** What a worker has to end by itself after its deadline, before it is killed. */
const killMarginMs = 1_000

/** Ends a worker, and kills it if it does not end. Settles when its process has ended. */
export async function retireWorker(
  worker: WorkerHandle,
  {
    urgency,
    signal,
    gracefulMs,
    log,
  }: { urgency: StopUrgency; signal: StopSignal; gracefulMs: number; log: Logger },
): Promise<void> {
  // A worker that has not finished its boot owes no client an answer.
  if (urgency === 'kill' || worker.state === 'booting') worker.kill()
  else if (urgency === 'hurry') worker.hurry(signal)
  else worker.drain(gracefulMs, signal)
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
