import { createLogger, prepareLaunch, type RawOptions, throwFaults } from '@lockstep/core'
import type { Subject } from './subject.ts'

/** Hands a plan to the backend as the launcher would, and does nothing of what the launcher does beside it. */
export async function startBackendAlone(
  options: RawOptions,
): Promise<Pick<Subject, 'addresses' | 'verified' | 'backend'> & { stop(): Promise<void> }> {
  const { plan, choice, faults } = await prepareLaunch(
    { api: options },
    { config: false, envFile: false, environment: false },
  )
  throwFaults(faults)
  if (!plan || !choice) throw new TypeError('options without faults give a plan and a backend')
  const { backend } = choice
  const server = await backend.start(plan, {
    app: options.app,
    log: createLogger(plan.log, { name: plan.name, process: backend.name }),
    emit: () => undefined,
    signal: new AbortController().signal,
  })
  return {
    addresses: server.addresses,
    verified: null,
    backend: backend.name,
    stop: () => server.stop(),
  }
}
