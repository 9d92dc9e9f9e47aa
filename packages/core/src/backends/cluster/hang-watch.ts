import { beatIntervalMs } from './messages.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * Looks for workers whose event loop has been silent for too long. When this process itself was kept from running (a
 * suspended machine, SIGSTOP), every worker seems silent, so all of them get a new start.
 */
export function watchForHangs({
  hangMs,
  workers,
  onHang,
}: {
  hangMs: number
  workers: () => readonly WorkerHandle[]
  onHang: (worker: WorkerHandle, silentMs: number) => void
}): { stop(): void } {
  const intervalMs = beatIntervalMs(hangMs)
  let lastLook = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const weSlept = now - lastLook > intervalMs + hangMs / 2
    lastLook = now
    for (const worker of workers()) {
      if (weSlept) worker.lastBeat = now
      const silentMs = now - worker.lastBeat
      if (worker.state === 'ready' && silentMs > hangMs) onHang(worker, silentMs)
    }
  }, intervalMs)
  return { stop: () => clearInterval(timer) }
}
