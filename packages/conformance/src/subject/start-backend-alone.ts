import { type KnownBackends, LaunchError, type LockstepConfig } from '@lockstep/core'
import { createLogger, prepareLaunch, throwFaults } from '@lockstep/core/internal'
import { answerQuestions, recordHost } from './inside/answer-questions.ts'
import type { Subject } from './subject.ts'

/** Hands a plan to the backend as the launcher would, and does nothing of what the launcher does beside it. */
export async function startBackendAlone(
  options: LockstepConfig,
  {
    backends,
    signal,
    isUnannounced,
  }: { backends: KnownBackends; signal: AbortSignal; isUnannounced: boolean },
): Promise<
  Pick<Subject, 'addresses' | 'verified' | 'backend'> & {
    readonly inside: ReturnType<typeof answerQuestions>
    applyTls(): Promise<{ readonly changed: boolean }>
    replaceWorkers(): Promise<{ readonly replaced: number }>
    scale(workers: string): Promise<number>
    stop(): Promise<void>
  }
> {
  const prepared = await prepareLaunch(
    { api: options },
    { config: false, envFile: false, environment: false, backends },
  )
  const { plan, choice, faults } = prepared
  throwFaults(faults)
  if (!plan || !choice) throw new TypeError('options without faults must result in a plan and a backend')
  const { backend } = choice
  const host = recordHost()
  const server = await backend.start(plan, {
    app: options.app,
    log: createLogger(plan.log, { name: plan.name, process: backend.name }),
    emit: host.emit,
    ownsProcess: false,
    verify: host.verify,
    signal,
  })
  host.hasStarted = true
  if (!isUnannounced) server.announced?.()
  return {
    addresses: server.addresses,
    verified: null,
    backend: backend.name,
    inside: answerQuestions(server, { host, tls: plan.tls }),
    async applyTls() {
      const next = await prepared.again()
      throwFaults(next.faults)
      const tls = next.plan?.tls
      if (!plan.tls || !tls) return { changed: false }
      // The launcher keeps the ticket keys while only the certificate changes.
      await server.applyTls({ ...tls, ticketKeys: plan.tls.ticketKeys })
      return { changed: true }
    },
    replaceWorkers: async () => ({ replaced: (await server.supervisor?.replaceWorkers())?.workers ?? 0 }),
    async scale(asked) {
      if (!server.supervisor) throw noWorkers(backend.name)
      const workers = /^[+-]/.test(asked) ? server.supervisor.wanted + Number(asked) : Number(asked)
      await server.supervisor.scale(workers)
      return workers
    },
    stop: () => server.stop(),
  }
}

/** As the launcher has it. */
function noWorkers(backend: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_NO_WORKERS',
    message: `The backend ${backend} has no workers that can be changed or inspected.`,
    hint: 'Use one that has.',
  })
}
