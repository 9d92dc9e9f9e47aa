import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { stackOfMainThread } from '../../../platform/node/stack-of-main-thread.ts'
import { isAlive } from '../../../platform/process/is-alive.ts'
import { killTree, treeMs } from '../../../platform/process/kill-tree.ts'
import { releaseStartMemory } from '../../../platform/process/release-start-memory.ts'
import { guardDescriptor } from '../../../platform/process/worker-descriptors.ts'
import { BoundedLines } from '../wire/bounded-lines.ts'
import type { FromGuard } from '../wire/guard-line.ts'

/**
 * What runs in the guard of a worker: a separate thread, so it keeps running if the worker's event loop is blocked. When a parent
 * dies, its end of the line closes; if that is not reported, its children get another parent (POSIX), or its id
 * stops answering (Windows).
 */
const { parent } = workerData as { parent: number }
const lookMs = 500
const longestQuestion = 1_024

let isOver = false
const line = new Socket({ fd: guardDescriptor, readable: true, writable: true })
line.on('error', endAll)
line.once('close', endAll)
const lines = new BoundedLines({ longest: longestQuestion })
line.on('data', (bytes: Buffer) => {
  for (const question of lines.push(bytes)) void answer(Number(question))
})
setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) endAll()
}, lookMs)
parentPort?.postMessage('running')
// Its start has taken a tenth of what it holds.
releaseStartMemory()

async function answer(question: number): Promise<void> {
  const answer: FromGuard = { question, frames: await stackOfMainThread() }
  line.write(`${JSON.stringify(answer)}\n`)
}

/** Without a primary there is no supervisor, so no process of this tree may go on. */
function endAll(): void {
  if (isOver) return
  isOver = true
  void killTree(process.pid)
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), treeMs)
}
