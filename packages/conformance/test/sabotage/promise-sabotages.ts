import { once } from 'node:events'
import { createServer } from 'node:net'
import type { PromiseName } from '@lockstep/conformance'
import type { WorkerEvent } from '@lockstep/core'
import {
  type BackendHost,
  closeListeners,
  createAppServer,
  DrainDelay,
  inProcessServer,
  type LaunchPlan,
  listenOnAll,
  loadApp,
  planOfApp,
  type RunningServer,
  type ServerBackend,
  type WorkerStatus,
} from '@lockstep/core/backend'

/** How a backend breaks one of its promises, and does all else. */
export interface PromiseSabotage {
  readonly what: string
  readonly backend: 'single' | 'cluster'
  readonly bend: (inner: ServerBackend) => ServerBackend
}

interface Bent {
  readonly plan?: (plan: LaunchPlan) => LaunchPlan
  readonly host?: (host: BackendHost) => BackendHost
  readonly server?: (
    server: RunningServer,
    given: { plan: LaunchPlan; host: BackendHost },
  ) => Partial<RunningServer>
}

const sabotage = (backend: PromiseSabotage['backend'], what: string, bent: Bent): PromiseSabotage => ({
  what,
  backend,
  bend: (inner) => ({
    ...inner,
    async start(plan, host) {
      const given = { plan: bent.plan?.(plan) ?? plan, host: bent.host?.(host) ?? host }
      const server = await inner.start(given.plan, given.host)
      return { ...server, ...bent.server?.(server, given) }
    },
  }),
})

const server = (backend: PromiseSabotage['backend'], what: string, change: NonNullable<Bent['server']>) =>
  sabotage(backend, what, { server: change })

const workers = (
  what: string,
  change: (worker: WorkerStatus) => WorkerStatus,
  of: 'single' | 'cluster' = 'single',
) => server(of, what, ({ workers: all }) => ({ workers: () => all().map(change) }))

const events = (what: string, change: (event: WorkerEvent) => readonly WorkerEvent[]) =>
  sabotage('cluster', what, {
    host: (host) => ({
      ...host,
      emit(event) {
        for (const one of change(event)) host.emit(one)
      },
    }),
  })

const stops = (what: string, change: (stop: RunningServer['stop']) => RunningServer['stop']) =>
  server('single', what, ({ stop }) => ({ stop: change(stop) }))

const never = new Promise<never>(() => undefined)

/** Rejects, and has left something behind. */
const leavesAfterFailure: PromiseSabotage = {
  what: 'the first address stays bound',
  backend: 'single',
  bend: (inner) => ({
    ...inner,
    start: (plan, host) =>
      inner.start(plan, host).catch(async (error: unknown) => {
        const [first] = plan.addresses
        if (first?.kind === 'tcp') await once(createServer().listen(first.port, first.host), 'listening')
        throw error
      }),
  }),
}

/** Closes its listeners as after a failed start, which resets what waits in their queues. */
const resetsQueues: PromiseSabotage = {
  what: 'closeListeners() instead of closeAfterQueue()',
  backend: 'single',
  bend: (inner) => ({
    ...inner,
    async start(given, host) {
      const app = await loadApp(given.app, { bootMs: given.timeouts.bootMs })
      const plan = planOfApp(given, app)
      const server = createAppServer({ plan, app, log: host.log, worker: null })
      const listeners = await listenOnAll(plan.addresses, {
        backlog: plan.backlog,
        pauseOnConnect: false,
        onConnection: server.accept,
      })
      const undelayed = { ...plan, timeouts: { ...plan.timeouts, drainDelayMs: 0 } }
      const running = inProcessServer({ plan: undelayed, host, app, server, listeners, redirects: [] })
      const delay = new DrainDelay(plan.timeouts.drainDelayMs)
      return {
        ...running,
        async stop(options) {
          server.announceStop()
          await delay.wait()
          closeListeners(listeners)
          await running.stop(options)
        },
      }
    },
  }),
}

/** One for each promise. The compiler checks that none is missing. */
export const promiseSabotages = {
  'start/export': sabotage('single', 'always the default export', {
    plan: (plan) => (plan.app.kind === 'module' ? { ...plan, app: { ...plan.app, exportName: null } } : plan),
  }),
  'start/in-memory': sabotage('single', 'another app', {
    host: (host) => ({
      ...host,
      app: (_: unknown, answer: { end(text: string): void }) => answer.end('another'),
    }),
  }),
  'start/addresses': server('single', 'in the opposite order', ({ addresses }) => ({
    addresses: addresses.toReversed(),
  })),
  'start/of-app': sabotage('single', 'the address of the plan counts', {
    plan: (plan) => ({ ...plan, userSetAddress: ['bind'] }),
  }),
  'start/abort': sabotage('single', 'host.signal is ignored', {
    host: (host) => ({ ...host, signal: new AbortController().signal }),
  }),
  'start/leaves-nothing': leavesAfterFailure,
  'start/codes': {
    what: 'an error without a code',
    backend: 'single',
    bend: (inner) => ({
      ...inner,
      start: (plan, host) =>
        inner.start(plan, host).catch((error: Error) => {
          throw new Error(error.message)
        }),
    }),
  },
  'host/events': events('worker:ready is not reported', (event) =>
    event.type === 'worker:ready' ? [] : [event],
  ),
  'host/events-in-order': events('worker:exited is not reported', (event) =>
    event.type === 'worker:exited' ? [] : [event],
  ),
  'host/verify': sabotage('cluster', 'it is never called', {
    host: (host) => ({ ...host, verify: async () => undefined }),
  }),
  'workers/ids': workers('from 0', (worker) => ({ ...worker, id: worker.id - 1 })),
  'workers/pids': workers('those of another process', (worker) => ({ ...worker, pid: process.ppid })),
  'workers/restarts': workers('never', (worker) => ({ ...worker, restarts: 0 }), 'cluster'),
  'workers/counts': workers('no request', (worker) => ({
    ...worker,
    ...(worker.served && { served: { ...worker.served, requests: 0 } }),
  })),
  'stop/graceful': stops('always kill', (stop) => () => stop({ urgency: 'kill' })),
  'stop/leaves-nothing': stops('it resolves, and stops nothing', () => async () => undefined),
  'stop/again': stops('the second call never settles', (stop) => {
    let calls = 0
    return () => (calls++ === 0 ? stop() : never)
  }),
  'stop/hurry': stops(
    'hurry is graceful',
    (stop) =>
      (options = {}) =>
        stop(options.urgency === 'hurry' ? {} : options),
  ),
  'stop/kill': stops(
    'kill is graceful',
    (stop) =>
      (options = {}) =>
        stop(options.urgency === 'kill' ? {} : options),
  ),
  'stop/more-urgent': stops('the first call decides', (stop) => {
    let first: Promise<void> | undefined
    return (options) => {
      first ??= stop(options)
      return first
    }
  }),
  'stop/drain-delay': sabotage('single', 'no delay', {
    plan: (plan) => ({ ...plan, timeouts: { ...plan.timeouts, drainDelayMs: 0 } }),
  }),
  'stop/queues': resetsQueues,
  'stop/skips-the-delay': server('single', 'the delay always passes', ({ stop }, { plan }) => ({
    async stop(options) {
      await new Promise((resolve) => setTimeout(resolve, plan.timeouts.drainDelayMs))
      await stop(options)
    },
  })),
  'stop/signal': server('cluster', 'always SIGTERM', ({ stop }) => ({
    stop: (options) => stop({ ...options, signal: 'SIGTERM' }),
  })),
  'stop/lifespan': stops('the process is not waited for', (stop) => () => stop({ urgency: 'kill' })),
  'stopped/by-stop': server('single', 'it never settles', () => ({ stopped: never })),
  'stopped/by-itself': server('cluster', 'without the error', ({ stopped }) => ({
    stopped: stopped.then(() => ({})),
  })),
  'announced/before': server('cluster', 'it is announced already', (running) => {
    running.announced?.()
    return {}
  }),
  'announced/after': server('cluster', 'it never is announced', () => ({ announced: () => undefined })),
  'apply-tls/new-connections': server('single', 'nothing changes', () => ({
    applyTls: async () => undefined,
  })),
  'apply-tls/all-or-none': server('single', 'it resolves all the same', ({ applyTls }) => ({
    applyTls: (tls) => applyTls(tls).catch(() => undefined),
  })),
  'apply-tls/later-workers': {
    what: 'the first snapshot comes back',
    backend: 'cluster',
    bend: (inner) => ({
      ...inner,
      async start(plan, host) {
        const server = await inner.start(plan, host)
        // As if each worker went back to the first snapshot.
        return {
          ...server,
          applyTls: async (tls) => {
            await server.applyTls(tls)
            if (plan.tls) setTimeout(() => void server.applyTls(plan.tls as typeof tls), 150)
          },
        }
      },
    }),
  },
  'apply-tls/open-connections': server('single', 'all are cut', ({ applyTls, stop }) => ({
    async applyTls(tls) {
      await applyTls(tls)
      void stop({ urgency: 'hurry' })
    },
  })),
  'announce-stop': server('single', 'nothing changes', () => ({ announceStop: () => undefined })),
  'reopen-logs': server('single', 'nothing is opened', () => ({ reopenLogs: async () => undefined })),
  'listener-failure': server('single', 'always null', () => ({ listenerFailure: () => null })),
  'watch-accepts': server('single', 'it sees nothing', () => ({
    watchAccepts: () => ({ accepted: async () => new Set(), [Symbol.dispose]: () => undefined }),
  })),
  'supervisor/restart': server('cluster', 'another worker', ({ supervisor }) => ({
    ...(supervisor && {
      supervisor: { ...supervised(supervisor), restart: (id: number) => supervisor.restart(3 - id) },
    }),
  })),
  'supervisor/unknown-worker': server('cluster', 'it resolves', ({ supervisor }) => ({
    ...(supervisor && {
      supervisor: {
        ...supervised(supervisor),
        restart: (id: number) => (id > 2 ? Promise.resolve() : supervisor.restart(id)),
      },
    }),
  })),
  'supervisor/facts': server('cluster', 'one worker is wanted', ({ supervisor }) => ({
    ...(supervisor && { supervisor: { ...supervised(supervisor), wanted: 1 } }),
  })),
} as const satisfies Readonly<Record<PromiseName, PromiseSabotage>>

/** It may be an object of a class, whose members a spread loses. */
function supervised(
  inner: NonNullable<RunningServer['supervisor']>,
): NonNullable<RunningServer['supervisor']> {
  return {
    replaceWorkers: () => inner.replaceWorkers(),
    scale: (count) => inner.scale(count),
    restart: (worker) => inner.restart(worker),
    stacks: () => inner.stacks(),
    failing: () => inner.failing(),
    get wanted() {
      return inner.wanted
    },
  }
}
