import { parentPort } from 'node:worker_threads'
import { attemptPlain } from './plain-attempt.ts'
import type { ProbeTarget } from './probe-target.ts'
import type { AskedAttempt, AttemptAnswer } from './start-probe-thread.ts'
import { attemptTls } from './tls-attempt.ts'

// What runs in the thread of the probes: each message asks for one attempt.
parentPort?.on('message', (asked: AskedAttempt) => {
  void attempt(asked).then((answer) => parentPort?.postMessage(answer))
})

async function attempt({ id, kind, target, options }: AskedAttempt): Promise<AttemptAnswer> {
  const own: ProbeTarget = { ...target, connections: [], thread: null }
  const seen = kind === 'tls' ? await attemptTls(own, options) : await attemptPlain(own, options)
  const connections = own.connections.map(({ ends, socket: { bytesRead } }) => ({
    ends,
    socket: { bytesRead },
  }))
  return { id, seen, connections }
}
