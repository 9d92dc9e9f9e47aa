import {
  type BackendHost,
  bindPlan,
  ConnectionGate,
  closeListeners,
  createAppServer,
  createFront,
  handOverFiles,
  inProcessServer,
  type LaunchPlan,
  leaveRoot,
  limitReports,
  type RunningServer,
  StickyChoice,
  stoppedInBoot,
  UpstreamPool,
} from '@lockstep/core/internal'
import { RequestHold } from './hold-requests.ts'
import { ProgramPool } from './program-pool.ts'
import type { ProgramSpec } from './program-spec.ts'

/**
 * Starts the instances of a program, and serves in front of them. A port is open only when the program is ready, unless only root can bind it: then
 * this process binds, becomes the user of the plan, and starts the program as that user. Connections wait meanwhile. `findSpec` is called as that user too, so it
 * may ask programs of that user.
 */
export async function servePrograms(
  plan: LaunchPlan,
  { host, findSpec }: { host: BackendHost; findSpec: () => Promise<ProgramSpec> },
): Promise<RunningServer> {
  const startedAt = new Date()
  const { connectMs, responseMs } = plan.upstream
  const pool = new UpstreamPool(
    { connectMs, responseMs },
    plan.sticky === 'none' ? null : new StickyChoice(plan),
  )
  const hold = new RequestHold({ hasUpstream: () => pool.size > 0, mostMs: plan.timeouts.bootMs })
  const app = hold.inFrontOf(createFront({ pool, log: host.log }))
  const gate = new ConnectionGate()
  let server: ReturnType<typeof createAppServer> | undefined
  const bind = (): ReturnType<typeof bindPlan> =>
    bindPlan(plan, {
      gate,
      log: host.log,
      server() {
        if (!server) throw new TypeError('the gate opens when there is a server')
        return server
      },
    })
  let bound: Awaited<ReturnType<typeof bindPlan>> | undefined
  let programs: ProgramPool | undefined
  let made: Awaited<ReturnType<typeof handOverFiles>> | undefined
  try {
    if (plan.runAs) {
      bound = await bind()
      made = await handOverFiles(plan)
      leaveRoot(plan)
    }
    programs = new ProgramPool({ plan, host, spec: await findSpec(), pool, hold })
    await programs.boot()
    server = createAppServer({
      plan,
      app,
      log: host.log,
      worker: null,
      onClientRefused: limitReports((refusal) =>
        host.emit({ type: 'client:refused', worker: 1, pid: process.pid, ...refusal }),
      ),
    })
    if (host.signal.aborted) throw stoppedInBoot()
    if (!bound) {
      gate.open()
      bound = await bind()
    }
    server.opened(bound.listeners.map(({ address }) => address))
    gate.open()
  } catch (error) {
    gate.close()
    if (bound) closeListeners([...bound.listeners, ...bound.redirects])
    await programs?.stop({ urgency: 'kill' })
    pool.close()
    await made?.remove()
    throw error
  }
  return inProcessServer({
    ...bound,
    plan,
    host,
    app,
    server,
    startedAt,
    behind: programs,
    crashed: programs.diedEarly,
    onAnnounced() {
      programs.announced()
      made?.keep()
    },
    onStopped: () => void made?.remove(),
  })
}
