import type { WorkerEvent } from '../../server-backend.ts'
import { beatIntervalMs } from '../wire/messages.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * Looks for workers whose event loop has been silent for too long, and kills them once it was seen what they execute. When this
 * process itself was kept from running (a suspended machine, SIGSTOP), every worker seems silent, so all of them get a new start.
 */
export function watchForHangs({
  hangMs,
  workers,
  onHang,
}: {
  hangMs: number
  workers: () => readonly WorkerHandle[]
  onHang: (hang: Extract<WorkerEvent, { type: 'worker:blocked' }>) => void
}): { stop(): void } {
  const intervalMs = beatIntervalMs(hangMs)
  const condemned = new WeakSet<WorkerHandle>()
  const end = async (worker: WorkerHandle, silentMs: number): Promise<void> => {
    condemned.add(worker)
    const { frames } = await worker.stack()
    onHang({
      type: 'worker:blocked',
      worker: worker.id,
      pid: worker.pid,
      silentMs: Math.round(silentMs),
      stack: frames,
    })
    worker.kill()
  }
  let lastLook = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const weSlept = now - lastLook > intervalMs + hangMs / 2
    lastLook = now
    for (const worker of workers()) {
      if (weSlept) worker.forgiveSilence()
      const { silentMs } = worker
      if (worker.state === 'ready' && silentMs > hangMs && !condemned.has(worker)) void end(worker, silentMs)
    }
  }, intervalMs)
  return { stop: () => clearInterval(timer) }
}
