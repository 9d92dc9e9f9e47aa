import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { type KnownBackends, launch } from '@lockstep/core'
import { asLaunchError, stackOf } from '@lockstep/core/internal'
import type { FromSubject, ToSubject } from './messages.ts'
import { startBackendAlone } from './start-backend-alone.ts'
import type { Subject } from './subject.ts'
import { decodeMessage, encodeMessage } from './wire-format.ts'

/** What runs in the process of a subject: one server, controlled by the suite over the line that it connects to. */
type Started = Pick<Subject, 'addresses' | 'verified' | 'backend'> & {
  /** Rejects with a `LaunchError`. */
  /** Through the door `backend` alone. */
  readonly inside?: Awaited<ReturnType<typeof startBackendAlone>>['inside']
  applyTls(): Promise<{ readonly changed: boolean }>
  replaceWorkers(): Promise<{ readonly replaced: number }>
  scale(workers: string): Promise<number>
  stop(): Promise<void>
}

let started: Started | undefined
const given = new AbortController()
const line = connect(Number(process.argv[2]), '127.0.0.1')
line.on('error', () => undefined)
// The suite is gone: so is its subject.
line.once('close', () => process.exit(1))
createInterface({ input: line }).on('line', (text) => {
  const message = decodeMessage(text) as ToSubject
  switch (message.type) {
    case 'start':
      return void start(message)
    case 'give-up':
      return given.abort()
    case 'ask':
      return void answer(message)
    case 'apply-tls':
      return void applyTls()
    case 'replace-workers':
      return void replaceWorkers()
    case 'scale':
      return void scale(message.workers)
    case 'stop':
      return void stop()
  }
})

async function start({ door, options, ...ways }: Extract<ToSubject, { type: 'start' }>): Promise<void> {
  try {
    const backends = ways.backends === null ? {} : await externalBackends(ways.backends)
    const all = ways.appInMemory === null ? options : { ...options, app: await appOf(ways.appInMemory) }
    started =
      door === 'backend'
        ? await startBackendAlone(all, {
            backends,
            signal: given.signal,
            isUnannounced: ways.isUnannounced,
          })
        : await startLaunch(all, { launcher: ways.launcher, backends })
    const { addresses, verified, backend } = started
    tell({ type: 'ready', addresses, verified, backend, pid: process.pid })
  } catch (error) {
    const { code, faults } = asLaunchError(error)
    const told = faults.map((fault) => ({
      code: fault.code,
      message: `${fault.message} ${fault.source === undefined ? '' : `Set by ${fault.source}. `}${fault.hint}`,
    }))
    tell({
      type: 'failed',
      code,
      faults: told,
      message: told.map(({ message }) => message).join(' '),
      pid: process.pid,
    })
  }
}

async function appOf(module: string): Promise<object> {
  return ((await import(pathToFileURL(module).href)) as { default: object }).default
}

async function answer({ number, question, argument }: Extract<ToSubject, { type: 'ask' }>): Promise<void> {
  try {
    if (!started?.inside) throw new TypeError('only a backend alone can be asked')
    const found = (await started.inside[question](argument as never)) as unknown
    tell({ type: 'answer', number, answer: found ?? null, fault: null })
  } catch (error) {
    tell({ type: 'answer', number, answer: null, fault: stackOf(error) })
  }
}

async function externalBackends(module: string): Promise<KnownBackends> {
  return ((await import(module)) as { externalBackends: KnownBackends }).externalBackends
}

async function startLaunch(
  options: Extract<ToSubject, { type: 'start' }>['options'],
  { launcher, backends }: { launcher: string | null; backends: KnownBackends },
): Promise<Started> {
  const chosen = launcher === null ? { launch } : ((await import(launcher)) as { launch: typeof launch })
  const handle = await chosen.launch(options, {
    config: false,
    envFile: false,
    environment: false,
    backends,
    signal: given.signal,
  })
  return {
    addresses: handle.addresses,
    verified:
      handle.verification?.endpoints.map(({ connectedTo, tls }) => ({
        connectedTo,
        fingerprint256: tls?.fingerprint256 ?? null,
      })) ?? null,
    backend: handle.status().backend,
    applyTls: () => handle.reload({ scope: 'tls' }),
    replaceWorkers: () => handle.reload(),
    scale: (workers) => handle.scale(workers as `+${number}`),
    stop: () => handle.stop(),
  }
}

async function applyTls(): Promise<void> {
  try {
    const changed = (await started?.applyTls())?.changed ?? false
    tell({ type: 'tls-applied', changed, code: null })
  } catch (error) {
    tell({ type: 'tls-applied', changed: false, code: asLaunchError(error).faults[0]?.code ?? null })
  }
}

async function replaceWorkers(): Promise<void> {
  try {
    tell({ type: 'workers-replaced', replaced: (await started?.replaceWorkers())?.replaced ?? 0, code: null })
  } catch (error) {
    tell({ type: 'workers-replaced', replaced: 0, code: asLaunchError(error).faults[0]?.code ?? null })
  }
}

async function scale(asked: string): Promise<void> {
  try {
    tell({ type: 'scaled', workers: (await started?.scale(asked)) ?? 0, code: null })
  } catch (error) {
    tell({ type: 'scaled', workers: 0, code: asLaunchError(error).faults[0]?.code ?? null })
  }
}

async function stop(): Promise<void> {
  const began = performance.now()
  await started?.stop()
  tell({ type: 'stopped', durationMs: performance.now() - began })
}

function tell(message: FromSubject): void {
  line.write(encodeMessage(message))
}
