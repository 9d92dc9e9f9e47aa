import {
  type LaunchContext,
  type LaunchHandle,
  type LockstepConfig,
  launch as launchWith,
} from '@lockstep/core'
import { externalBackends } from '@lockstep/external'

export * from '@lockstep/core'
export { type DefinedLauncher, defineLauncher, type LauncherDefinition } from './define-launcher.ts'
export type { BrandedCommand } from './in-brand.ts'

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
 * const server = await launch({ command: ['python', 'server.py', '--port', '{port}'], tls: { selfSigned: true } })
 * console.log(server.url)
 * await server.stop()
 * ```
 */
export async function launch(
  options: LockstepConfig = {},
  context: LaunchContext = {},
): Promise<LaunchHandle> {
  return launchWith(options, { ...context, backends: { ...externalBackends, ...context.backends } })
}

/**
 * The command line: runs it and resolves with its exit code. Loaded when it is called, since a program that embeds the launcher has none.
 *
 * @example
 * ```ts
 * import { main } from 'lockstep'
 *
 * const lines: string[] = []
 * const output = { out: (text: string) => lines.push(text), err: (text: string) => lines.push(text) }
 * process.exitCode = await main(['check', 'app.js'], output)
 * ```
 */
export const main: typeof import('./main.ts').main = async (...line) =>
  (await import('./main.ts')).main(...line)
