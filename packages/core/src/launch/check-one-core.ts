import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { LaunchError } from '../errors/launch-error.ts'

/**
 * Refuses modules that would load another copy of this package than the one that runs: a test of one with the parts of the other says
 * nothing. `files` are absolute paths or file URLs. One that would load no copy at all is not looked at. Throws `LOCKSTEP_ERR_TWO_CORES`.
 */
export function checkOneCore(files: readonly string[]): void {
  const own = coreFor(import.meta.url)
  for (const file of files) {
    const other = coreFor(file)
    if (other === null || own === null || other === own) continue
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_TWO_CORES',
      message: `There are two copies of @lockstep/core. ${file} loads ${described(other)}, and what runs is ${described(own)}.`,
      hint: 'Install lockstep and @lockstep/conformance in the same version and in the same folder. `npm ls @lockstep/core` shows where the copies come from.',
    })
  }
}

/** The package.json of the copy that a module would load, by itself or through `lockstep`; `null`: none. */
function coreFor(file: string): string | null {
  const through = resolved('lockstep/package.json', file)
  return (
    resolved('@lockstep/core/package.json', file) ??
    (through && resolved('@lockstep/core/package.json', through))
  )
}

function resolved(name: string, from: string): string | null {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return null
  }
}

function described(manifest: string): string {
  const { version } = createRequire(import.meta.url)(manifest) as { version: string }
  return `${version} in ${dirname(manifest)}`
}
