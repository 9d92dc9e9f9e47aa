import { asLaunchError, type LaunchHandle, type launch } from '@lockstep/core'
import type { FromSubject, ToSubject } from './messages.ts'

/** What runs in the process of a subject: one launch, as told by the suite. */
let handle: LaunchHandle | undefined

process.on('message', (message: ToSubject) => {
  void (message.type === 'start' ? start(message) : stop())
})
// The suite is gone: so is its subject.
process.on('disconnect', () => void handle?.stop({ force: true }))

async function start({ options, launcher }: Extract<ToSubject, { type: 'start' }>): Promise<void> {
  try {
    const module = (await import(launcher)) as { launch: typeof launch }
    handle = await module.launch(options, { config: false, envFile: false, environment: false })
    const { url, addresses, verification } = handle
    tell({ type: 'ready', url, addresses, verification, backend: handle.status().backend, pid: process.pid })
  } catch (error) {
    const { code, message, faults } = asLaunchError(error)
    tell({ type: 'failed', code, message, faults: faults.map(({ cause: _, ...fault }) => fault) })
  }
}

async function stop(): Promise<void> {
  const started = performance.now()
  await handle?.stop()
  tell({ type: 'stopped', durationMs: performance.now() - started })
}

function tell(message: FromSubject): void {
  process.send?.(message)
}
