import { checkOneCore, LaunchError } from '@lockstep/core/internal'

export type Suite = typeof import('@lockstep/conformance')

/**
 * Loads the suite, which is a package of its own: a server needs none of it. Throws `LOCKSTEP_ERR_SUITE_MISSING`, and
 * `LOCKSTEP_ERR_TWO_CORES` when it belongs to another installation.
 */
export async function loadSuite(): Promise<Suite> {
  const place = placeOfSuite()
  checkOneCore([place])
  // By its place: a bundler of a host must not look for a package that is not installed.
  return (await import(place)) as Suite
}

function placeOfSuite(): string {
  try {
    return import.meta.resolve('@lockstep/conformance')
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_SUITE_MISSING',
      message: 'The conformance suite is not installed.',
      hint: 'Install it beside lockstep: `npm install --save-dev @lockstep/conformance`. Then run `npx lockstep conformance` in that folder.',
      cause,
    })
  }
}
