import type { LaunchEventOf, LaunchEventType } from './launch-event.ts'

type FieldsOf<Type extends LaunchEventType> = Exclude<keyof LaunchEventOf<Type>, 'type'>

/** The description of an event: when it comes, and what each of its properties says. */
type CatalogEntry<Type extends LaunchEventType> = {
  readonly when: string
  readonly fields: { readonly [Field in FieldsOf<Type>]: string }
}

const pid = 'Its process id.'
const worker = 'From 1; a replacement has the number of the worker that it replaces.'
const reloadCause =
  'What requested it: `api`, `signal`, `verb` (a command such as `lockstep reload`), `file`, `renewal`, or `retry` after a refused reload.'

/** Every event, in the order in which they come. The compiler requires a description of each. */
export const eventCatalog = {
  starting: {
    when: 'All checks have passed, and nothing has started yet.',
    fields: { backend: 'Name of the backend.', reason: 'Why this backend was chosen.' },
  },
  'worker:ready': {
    when: 'A worker can serve, at the start or later.',
    fields: { worker, pid, app: 'What the app was recognised as, such as `Express`.' },
  },
  listening: {
    when: 'Every address is bound, and nothing is announced yet.',
    fields: { addresses: 'The real addresses; those of redirects come last.' },
  },
  verified: {
    when: 'The probes have seen what you asked for. Not emitted when `verify` is off.',
    fields: { verification: 'What the probes saw, for each address.' },
  },
  ready: { when: '`launch()` resolves.', fields: { urls: 'Where people reach the server.' } },
  failed: {
    when: '`launch()` rejects, and nothing is left of it. Not emitted for faults found before `starting`.',
    fields: { error: 'The `LaunchError` that it rejects with.' },
  },
  reloading: { when: 'A reload begins.', fields: { cause: reloadCause } },
  reloaded: {
    when: 'A reload has succeeded.',
    fields: { result: 'What has changed, and how long it took.' },
  },
  'reload:failed': {
    when: 'A reload has failed, and the server keeps serving.',
    fields: {
      cause: reloadCause,
      error: 'The `LaunchError` that says why.',
      served: 'The leaf certificate that is served now; `null` for plain HTTP.',
    },
  },
  'certificate:expiring': {
    when: 'A certificate or a revocation list in use expires soon, or has expired. Emitted when the server is ready, after each reload, and each day.',
    fields: {
      role: '`leaf`, `intermediate`, `client CA` or `revocation list`.',
      leaf: 'The certificate, whatever its role. For a list, its issuer and its dates.',
      at: 'When this was checked.',
    },
  },
  'logs:reopened': {
    when: 'Every process has opened its logs again, after a signal, a command, a call or a reload.',
    fields: {
      files: 'Their paths; empty when no log is written to a file.',
      processes: 'Number of processes that write to them.',
      draining: 'Number of those that were replaced, and drain.',
    },
  },
  'worker:exited': {
    when: 'The process of a worker has ended. Not emitted under `single`, where the launcher itself serves.',
    fields: {
      worker,
      pid,
      code: 'Its exit code; `null` when a signal ended it.',
      signal: 'The signal that ended it, or `null`.',
      expected: 'Whether it was meant to end.',
    },
  },
  'worker:restarting': {
    when: 'A worker is missing, and another one will be started.',
    fields: { worker, delayMs: 'The wait before that, in milliseconds.' },
  },
  'worker:blocked': {
    when: 'A worker blocks its event loop and is killed.',
    fields: {
      worker,
      pid,
      silentMs: 'Time since its last heartbeat, in milliseconds.',
      stack: 'What it was executing, innermost call first; `null` when its stack could not be taken.',
    },
  },
  'worker:failing': {
    when: 'A worker has failed five times in a row. The others keep serving, and Lockstep keeps trying.',
    fields: {
      worker: 'The number of the worker.',
      failures: 'How many times it has failed in a row.',
      reason: 'Why it failed last.',
    },
  },
  'worker:recovered': {
    when: 'Such a worker has served for ten seconds.',
    fields: { worker: 'The number of the worker.' },
  },
  'worker:recycling': {
    when: 'A worker has reached one of its limits. It is replaced when its turn comes.',
    fields: {
      worker,
      pid,
      cause:
        '`requests`, `lifetime`, `memory`, or `descriptors` when it had no free file descriptor for a while.',
    },
  },
  'worker:replaced': {
    when: 'A new worker serves, and the old one drains.',
    fields: {
      worker,
      pid,
      before: 'The process id of the old worker; `null` when there was none.',
      cause: '`reload`, `restart`, or a cause of `worker:recycling`.',
    },
  },
  'client:refused': {
    when: 'A client was refused for its certificate (`tls.clientAuth: require`). Each process reports at most ten a second.',
    fields: {
      worker,
      pid,
      reason: "OpenSSL's name of the reason, such as `CERT_HAS_EXPIRED`.",
      subject: 'Of the certificate, on one line.',
      issuer: 'Of the certificate, on one line.',
      serialNumber: 'Of the certificate, hexadecimal.',
      fingerprint256: 'SHA-256 of the certificate.',
      address: 'The address of the client; `null` on a UNIX domain socket.',
      count: 'How many clients were refused since the last such event, including this one.',
    },
  },
  'message:received': {
    when: 'The app has sent a message with `process.send()`.',
    fields: { worker, pid, message: 'The message, parsed from JSON. Lockstep has not checked it.' },
  },
  scaled: {
    when: 'The number of workers was changed.',
    fields: { from: 'The number before.', to: 'The number from now on.' },
  },
  stopping: {
    when: 'A stop begins; the hook `beforeStop` comes after it. Emitted again when a later stop is more urgent.',
    fields: { urgency: '`graceful`; `hurry` cuts connections; `kill` ends processes.' },
  },
  stopped: {
    when: 'The server has ended. This is the last event.',
    fields: { error: 'Why it ended without a stop; otherwise `null`.' },
  },
} as const satisfies { readonly [Type in LaunchEventType]: CatalogEntry<Type> }
