/**
 * What a failed launch exits with. Stable: a number never changes its meaning.
 * Every error code belongs to exactly one of these (see `errorCatalog`).
 *
 * @example
 * ```ts
 * import { exitCodes, LaunchError, launch } from 'lockstep'
 *
 * const server = await launch({ app: './app.js' }).catch((error) => {
 *   if (error instanceof LaunchError && error.exitCode === exitCodes.address.number) return null
 *   throw error
 * })
 * ```
 */
export const exitCodes = {
  ok: { number: 0, meaning: 'The server stopped as asked, or the command succeeded.' },
  internal: { number: 1, meaning: 'Something that Lockstep did not foresee. Please report it.' },
  options: {
    number: 2,
    meaning: 'An option, a command, a configuration file or an environment file is wrong.',
  },
  app: {
    number: 3,
    meaning: 'The app is missing, fails to load or to become ready, or is nothing that can be served.',
  },
  tls: { number: 4, meaning: 'A certificate, a key or another TLS setting is wrong.' },
  address: { number: 5, meaning: 'An address cannot be bound.' },
  refused: {
    number: 6,
    meaning:
      'The chosen backend cannot honour an option that was set, a hook refuses the launch, or root would obey a file that another user can change.',
  },
  verification: { number: 7, meaning: 'What is served differs from what was asked.' },
  files: { number: 9, meaning: 'A file that Lockstep writes (PID file, access log) cannot be written.' },
  conformance: { number: 10, meaning: 'A backend falls short of the conformance suite.' },
  control: {
    number: 11,
    meaning: 'A running server cannot be found, reached, or changed as it was asked.',
  },
  forced: { number: 130, meaning: 'A second or third stop signal ended the server before it had drained.' },
} as const satisfies Record<string, { number: number; meaning: string }>

export type ExitCodeName = keyof typeof exitCodes

/** The exit codes that a fault with a code of another author may choose. */
export const faultKinds = [
  'options',
  'app',
  'tls',
  'address',
  'refused',
  'verification',
  'files',
  'control',
] as const satisfies readonly ExitCodeName[]

export type FaultKind = (typeof faultKinds)[number]
