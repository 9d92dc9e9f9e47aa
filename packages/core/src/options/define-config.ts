import type { LockstepConfig } from './lockstep-config.ts'

/**
 * Returns a configuration as it is. An editor then knows the options of a `lockstep.config.ts` or `.js`, and the compiler checks them.
 *
 * @example
 * ```ts
 * import { defineConfig } from 'lockstep'
 *
 * export default defineConfig({ app: './app.js', workers: 2 })
 * ```
 */
export function defineConfig<const Config extends LockstepConfig>(config: Config & LockstepConfig): Config {
  return config
}
