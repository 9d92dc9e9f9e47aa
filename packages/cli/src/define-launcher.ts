import {
  type LaunchContext,
  type LaunchHandle,
  type LockstepConfig,
  launch,
  type ServerBackend,
} from '@lockstep/core'
import { externalBackends } from '@lockstep/external'
import type { Output } from './commands/command.ts'
import type { BrandedCommand } from './in-brand.ts'

/** A launcher of a product: its name, its own flags and variables, and what it runs. */
export interface LauncherDefinition extends BrandedCommand {
  /** Default: `auto`. The user's own `--backend` overrides it. */
  readonly backend?: string | ServerBackend
}

/** The command line and the API of a product's launcher. */
export interface DefinedLauncher {
  /** Runs a command line, without `node` and the script, and resolves with its exit code. Never rejects. */
  main(words: readonly string[], output: Output): Promise<number>
  /** As `launch()` of Lockstep, with the names and the defaults of the product. */
  launch(options?: LockstepConfig, context?: LaunchContext): Promise<LaunchHandle>
  /** Runs the command line of this process, and ends the process with its exit code. */
  run(): Promise<void>
}

/**
 * Makes a command for a product over Lockstep's options, with `status`, `reload`, `stop` and the other verbs.
 *
 * @example
 * ```ts
 * import { defineLauncher } from 'lockstep'
 *
 * const launcher = defineLauncher({
 *   name: 'shop',
 *   envPrefix: 'SHOP',
 *   aliases: { '--certificate': 'tls.cert', '--certificate-key': 'tls.key' },
 *   defaults: { app: new URL('app.js', import.meta.url), port: 8443 },
 * })
 * await launcher.run()
 * ```
 */
export function defineLauncher({ backend, ...definition }: LauncherDefinition): DefinedLauncher {
  const brand: BrandedCommand = {
    ...definition,
    defaults: { ...(backend !== undefined && { backend }), ...definition.defaults },
  }
  const main: DefinedLauncher['main'] = async (words, output) =>
    (await import('./main.ts')).main(words, output, brand)
  return {
    main,
    launch: (options = {}, context = {}) =>
      launch(options, { ...context, brand, backends: { ...externalBackends, ...context.backends } }),
    run: async () => (await import('./as-program.ts')).asProgram(main),
  }
}
