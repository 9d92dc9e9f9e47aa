import { stoppedInBoot } from '../app/load-app.ts'
import type { RunningServer, WorkerOutputListener } from '../backends/server-backend.ts'
import { reportUncaught } from '../errors/report-uncaught.ts'
import { launchFacts } from '../hooks/launch-facts.ts'
import type { AsyncDisposableStack } from '../platform/system/disposable-stack.ts'
import { verifyAddresses } from '../reload/verify-reload.ts'
import type { Verification } from '../verify/verification.ts'
import { verify } from '../verify/verify.ts'
import type { BegunLaunch } from './begin-launch.ts'
import { unlessItEnds } from './unless-it-ends.ts'

/** Calls the hook `beforeStart` and then the backend. From here on `changes` ends the server. */
export async function startServer(
  { prepared, plan, choice: { backend, reason }, signal, appSignals, events, log, hooks }: BegunLaunch,
  {
    changes,
    onWorkerOutput,
  }: { changes: AsyncDisposableStack; onWorkerOutput: WorkerOutputListener | undefined },
): Promise<RunningServer> {
  events.emit({ type: 'starting', backend: backend.name, reason })
  await hooks.beforeStart(launchFacts(plan, backend.name), signal)
  const server = await backend.start(plan, {
    app: prepared.options.app.value,
    log,
    signal,
    emit: events.emit,
    ownsProcess: appSignals !== undefined,
    ...(onWorkerOutput && { onWorkerOutput: contained(onWorkerOutput) }),
    verify: (addresses, tls) => verifyAddresses(addresses, { ...plan, tls }),
  })
  // Of a server that has ended by itself, a part may be left.
  changes.defer(() => server.stop({ urgency: 'kill' }))
  events.emit({ type: 'listening', addresses: [...server.addresses, ...(server.redirects ?? [])] })
  return server
}

/** Connects to the server as a client would. `null` when `verify` is off. Rejects when the launch is given up meanwhile. */
export async function verifyServer(
  { plan, signal, events }: BegunLaunch,
  server: RunningServer,
): Promise<Verification | null> {
  const verification = await unlessItEnds(server, plan.verify ? verify(server, plan) : null)
  if (signal.aborted) throw stoppedInBoot()
  if (verification) events.emit({ type: 'verified', verification })
  return verification
}

/** What a listener of the host throws is an uncaught exception of the host, and not of the stream that calls it. */
function contained<Event>(listener: (event: Event) => void): (event: Event) => void {
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      reportUncaught(error)
    }
  }
}
