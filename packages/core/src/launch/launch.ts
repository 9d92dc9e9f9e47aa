import { stoppedInBoot } from '../app/load-app.ts'
import type { WorkerOutputListener } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { throwFaults } from '../errors/launch-error.ts'
import type { LockstepConfig } from '../options/lockstep-config.ts'
import type { OptionSources } from '../options/sources/gather-options.ts'
import { keepTicksQuick } from '../platform/node/start/keep-ticks-quick.ts'
import { refuseInBundle } from '../platform/system/refuse-in-bundle.ts'
import { refuseOldNode } from '../preflight/node-floor.ts'
import type { ReloadTiming } from '../reload/keep-current.ts'
import type { KnownBackends } from './known-backends.ts'
import type { LaunchEventListener, LaunchHandle } from './launch-handle.ts'
import { prepareLaunch } from './prepare-launch.ts'
import { type StartOptions, startLaunch } from './start-launch.ts'

/**
 * What `launch()` takes beside the options.
 *
 * @example
 * ```ts
 * import { launch } from 'lockstep'
 *
 * await using server = await launch(
 *   { app: './app.js' },
 *   { signal: AbortSignal.timeout(10_000), environment: false, onEvent: ({ type }) => console.log(type) },
 * )
 * ```
 */
export interface LaunchContext extends OptionSources {
  /** Sees every event, those before the launch resolves among them. */
  readonly onEvent?: LaunchEventListener
  /**
   * Gets what the workers of `cluster` write to their standard output and error: the log, an access log on `-`, and what the app prints; and the
   * lines of programs, which are logged otherwise. Without it workers write to the streams of this process. What this process logs itself goes to its own standard error in any case.
   */
  readonly onWorkerOutput?: WorkerOutputListener
  /**
   * Aborts the launch while it has not resolved: it then rejects with `LOCKSTEP_ERR_STOPPED`, with nothing bound or left running. With a signal
   * that is aborted already, nothing is read and nothing of yours is called.
   */
  readonly signal?: AbortSignal
  /** How quickly the launch follows what changes around it, and how long it uses a ticket key. */
  readonly timing?: Partial<ReloadTiming>
  /** Backends that the option `backend` can name beside the built-in ones. A function loads one when it is chosen. */
  readonly backends?: KnownBackends
  /** The clock by which certificates are judged and renewed. Default: the clock of the system. */
  readonly now?: () => Date
}

/**
 * Starts a server and resolves once it is bound, verified on the wire, and ready.
 *
 * The options are merged with those of the configuration file, `.env` and the environment, which `context` can switch off.
 *
 * @param options - They override the same options of the other sources.
 * @param context - Which other sources are read, listeners, and a signal that aborts the launch.
 * @returns The handle of the running server.
 * @throws {LaunchError} With every fault in `faults`. Nothing is then bound and no process is left.
 * @example
 * ```ts
 * import { launch } from 'lockstep'
 *
 * const server = await launch({ app: './app.js', workers: 2, tls: { selfSigned: true } })
 * console.log(server.url)
 * await server.stop()
 * ```
 */
export async function launch(
  options: LockstepConfig = {},
  { onEvent, onWorkerOutput, signal, timing, ...sources }: LaunchContext = {},
): Promise<LaunchHandle> {
  refuseOldNode(process.versions.node)
  refuseInBundle()
  keepTicksQuick()
  // Preparing may load modules of the host: its configuration file, its backend.
  if (signal?.aborted) throw stoppedInBoot()
  const start: StartOptions = {
    ...(onEvent && { onEvent }),
    ...(onWorkerOutput && { onWorkerOutput }),
    ...(signal && { signal }),
    ...(timing && { timing: { ...timing } }),
  }
  const prepared = await prepareLaunch({ api: options }, { ...sources, signal }).catch((error: unknown) => {
    throw asLaunchError(error)
  })
  throwFaults(prepared.faults)
  return startLaunch(prepared, start)
}
