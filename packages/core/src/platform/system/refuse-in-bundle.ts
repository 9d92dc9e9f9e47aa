import { existsSync } from 'node:fs'
import { LaunchError } from '../../errors/launch-error.ts'

/**
 * Refuses to run where a bundler has copied the launcher into another program's file: the files that workers and their guards
 * are started from are next to the launcher's own, and are not bundled.
 */
export function refuseInBundle(): void {
  const { url } = import.meta as { url?: string }
  if (url?.startsWith('file:') && filesBeside.every((name) => existsSync(new URL(name, url)))) return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_BUNDLED',
    message: `Lockstep was bundled into ${url ?? 'another program'}, without the files that it starts workers from.`,
    hint: 'Keep it out of the bundle, and install it beside: mark "lockstep" and "@lockstep/*" as external (esbuild: --external:lockstep --external:@lockstep/*; Rolldown and Rollup: external: [/^(@lockstep\\/|lockstep$)/]).',
  })
}

const filesBeside = ['./worker-start.js', './guard-thread.js'] as const
