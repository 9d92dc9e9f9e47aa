import type { RunningServer } from '../../backends/server-backend.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { startThread } from '../../platform/node/start-thread.ts'
import type { AskedProbe, ProbedAddress, ProbedConnection, ProbeThread } from './probe-target.ts'

/** To the thread. */
export type AskedAttempt = AskedProbe & {
  readonly id: number
  readonly target: ProbedAddress
}

/** From the thread. */
export interface AttemptAnswer {
  readonly id: number
  readonly seen: object
  readonly connections: readonly ProbedConnection[]
}

export type RunningProbeThread = ProbeThread & Disposable

const heapMb = 32

/**
 * A thread for the probes of a server in this process, which end with it. V8 compiles Node's code for sockets for those that it has seen: with the
 * clients of the probes among them, the server needs 6 % more processor time for a request over TLS (measured with Node 24), for as long as
 * it runs. `null` where other processes serve, or without TLS.
 */
export function probeThreadFor(
  server: Partial<Pick<RunningServer, 'workers'>>,
  { tls }: Pick<LaunchPlan, 'tls'>,
): RunningProbeThread | null {
  const servesHere = server.workers?.().some(({ pid }) => pid === process.pid) ?? false
  return tls !== null && servesHere ? startProbeThread() : null
}

/** It takes 50 ms to start. Without it, `ask()` resolves with `null`. */
export function startProbeThread(): RunningProbeThread {
  const asked = new Map<number, PromiseWithResolvers<AttemptAnswer | null>>()
  let isOver = false
  const end = (): void => {
    isOver = true
    for (const { resolve } of asked.values()) resolve(null)
    asked.clear()
  }
  // A bundler may have left no URL, or not the file.
  const { url } = import.meta as { url?: string }
  const thread =
    url === undefined
      ? null
      : startThread(new URL('./probe-thread.cjs', url), { data: {}, heapMb, onFailure: end })
  if (thread === null) end()
  thread?.on('message', (answer: AttemptAnswer) => {
    asked.get(answer.id)?.resolve(answer)
    asked.delete(answer.id)
  })
  thread?.once('exit', end)
  let count = 0
  return {
    async ask(probe, { connections, thread: _, ...target }) {
      if (isOver) return null
      count += 1
      const answered = Promise.withResolvers<AttemptAnswer | null>()
      asked.set(count, answered)
      thread?.postMessage({ id: count, target, ...probe } satisfies AskedAttempt)
      const answer = await answered.promise
      if (answer) connections.push(...answer.connections)
      return answer?.seen ?? null
    },
    [Symbol.dispose]() {
      end()
      void thread?.terminate()
    },
  }
}
