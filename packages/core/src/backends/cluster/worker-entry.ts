import type { Socket } from 'node:net'
import { loadApp } from '../../app/load-app.ts'
import { asLaunchError } from '../../errors/as-launch-error.ts'
import { serialiseFaults } from '../../errors/serialise-error.ts'
import { killTree } from '../../platform/kill-tree.ts'
import { createLogger } from '../../platform/logger.ts'
import { surviveClosedOutput } from '../../platform/survive-closed-output.ts'
import { type AppServer, createAppServer } from '../../serve/app-server.ts'
import { beatIntervalMs, type FromWorker, type ToWorker } from './messages.ts'
import type { MemorySample } from './recycle-policy.ts'
import { startGuard } from './start-guard.ts'
import { WorkerTls } from './worker-tls.ts'

/** What runs in a worker of `cluster`: it serves the connections that the primary hands over, until it is told to drain. */
let server: AppServer | undefined
const workerTls = new WorkerTls(tell)

// Without a primary nobody supervises, so nobody serves, and what the app has started does not go on either. The guard covers the
// case that the event loop does not turn.
process.on('disconnect', () => void killTree(process.pid))
startGuard()
surviveClosedOutput()

// Ctrl-C and the end of a terminal reach every process of it; only the primary decides. SIGTERM to this process alone asks it to leave.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
if (process.platform === 'win32') process.on('SIGBREAK', () => undefined)
process.on('SIGTERM', () => tell({ type: 'leaving' }))

process.on('message', (message: ToWorker, socket?: Socket) => {
  switch (message.type) {
    case 'start':
      void start(message)
      return
    case 'connection':
      tell({ type: 'accepted', id: message.id })
      // The client may have gone while the handle was on its way: then there is no socket.
      if (socket && message.redirection) server?.redirect(socket, message.redirection)
      else if (socket) server?.accept(socket)
      return
    case 'arrived?':
      tell({ type: 'arrived', upTo: message.upTo })
      return
    case 'prepare-tls':
    case 'commit-tls':
      workerTls.receive(message)
      return
    case 'drain':
      void drain(message.deadlineMs)
      return
    case 'hurry':
      server?.cut()
      return
  }
})

async function start({ plan, worker, maxRequests }: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  setInterval(beat, beatIntervalMs(plan.timeouts.hangMs)).unref()
  if (plan.name !== null) process.title = `${plan.name}: worker ${worker}`
  try {
    const app = await loadApp(plan.app, { bootMs: plan.timeouts.bootMs, elapsedMs: performance.now() })
    server = createAppServer({
      plan,
      app,
      worker,
      log: createLogger(plan.log, { name: plan.name, process: `worker ${worker}` }),
      onAnswered: countUpTo(maxRequests, () => tell({ type: 'requests-served' })),
    })
    workerTls.serve(server)
    tell({ type: 'ready', app: app.kind })
  } catch (error) {
    tell({ type: 'failed', faults: serialiseFaults(asLaunchError(error)) }, () => process.exit(1))
  }
}

function beat(): void {
  tell({ type: 'beat', memory: sampleMemory() })
}

/** `null` when it can't be read: on Linux that takes a descriptor, and the app may have used up all of them. */
function sampleMemory(): MemorySample | null {
  try {
    const { rss, heapUsed } = process.memoryUsage()
    return { rssBytes: rss, heapBytes: heapUsed }
  } catch {
    return null
  }
}

function countUpTo(limit: number | null, onReached: () => void): () => void {
  let count = 0
  return () => {
    count += 1
    if (count === limit) onReached()
  }
}

async function drain(deadlineMs: number): Promise<void> {
  await server?.drain({ deadlineMs })
  process.exit(0)
}

function tell(message: FromWorker, onSent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, {}, onSent)
  else onSent()
}
