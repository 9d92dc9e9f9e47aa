/** What a backend has to honour: without it, Lockstep could not use it as a server at all. */
export interface ProfileEntry {
  /** What is honoured, for people. */
  readonly what: string
  readonly why: string
  /** Cases that observe it with no option beyond it. None of them may be refused. */
  readonly cases: readonly string[]
}

/** The minimum. All else may be refused, and the verdict names it. docs/writing-a-backend.md shows this table. */
export const minimumProfile: readonly ProfileEntry[] = [
  {
    what: 'an app, or a program',
    why: 'Nothing else is there to be served.',
    cases: ['app/module/serves-the-named-module', 'app/refuses/one-that-throws'],
  },
  {
    what: 'a TCP address (host and port)',
    why: 'It is the only kind of address that every platform and every client has.',
    cases: [
      'binding/port/binds-that-port',
      'binding/host/binds-that-interface-alone',
      'binding/port/refuses-one-in-use',
    ],
  },
  {
    what: 'TLS from a certificate and its key',
    why: 'Lockstep promises TLS that is measured. A backend without it would serve what was to be encrypted in the clear, or not at all.',
    cases: ['tls/cert/serves-that-leaf-with-its-chain'],
  },
  {
    what: 'a renewed certificate while it serves',
    why: 'Certificates end. A server that has to be stopped for a new one loses connections every few weeks.',
    cases: ['tls/reload/new-connections-meet-the-new-leaf'],
  },
  {
    what: 'a limit for the boot of the app',
    why: 'A start that never ends blocks deployments and service managers.',
    cases: ['app/boot-timeout/ends-the-launch'],
  },
  {
    what: 'a graceful stop with a deadline',
    why: 'Each deployment stops a server. Requests in flight must end, and the stop must end too.',
    cases: ['processes/graceful-timeout/lets-a-request-end', 'processes/graceful-timeout/is-a-deadline'],
  },
  {
    what: 'the contract of start(), stop() and workers()',
    why: 'The launcher relies on it: to give a start up, to end a server that hangs, and to say what serves.',
    cases: [
      'backend/start/is-given-up',
      'backend/stop/graceful-once-and-again',
      'backend/stop/hurry-is-not-graceful',
      'backend/stop/kill-is-not-graceful',
      'backend/stop/a-more-urgent-one-takes-effect',
      'backend/workers/one-is-listed',
    ],
  },
]
