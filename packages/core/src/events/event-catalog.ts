import type { LaunchEventOf, LaunchEventType } from './launch-event.ts'

type FieldsOf<Type extends LaunchEventType> = Exclude<keyof LaunchEventOf<Type>, 'type'>

/** An event for people: when it comes, and what each of its properties says. */
type CatalogEntry<Type extends LaunchEventType> = {
  readonly when: string
  readonly fields: { readonly [Field in FieldsOf<Type>]: string }
}

const pid = 'Its process id.'
const worker = 'From 1; a replacement has the number of its predecessor.'

/** Every event, in the order in which they come. Total by the compiler: a new one has to be described here. */
export const eventCatalog = {
  starting: {
    when: 'Everything was checked, and nothing is started yet.',
    fields: { backend: 'Its name.', reason: 'Why this backend.' },
  },
  'worker:ready': {
    when: 'A worker can serve: at the start each of them, later each replacement.',
    fields: { worker, pid, app: 'What the app was recognised as, such as `Express`.' },
  },
  listening: {
    when: 'Every address is bound, and nothing is announced yet.',
    fields: { addresses: 'The real ones, those of redirects last.' },
  },
  verified: {
    when: 'The probes have seen what was asked for. Not with `verify` off.',
    fields: { verification: 'What they saw, for each address.' },
  },
  ready: { when: '`launch()` resolves.', fields: { urls: 'Where people reach it.' } },
  failed: {
    when: '`launch()` rejects, and nothing is left of it. Not for what was wrong before `starting`.',
    fields: { error: 'The `LaunchError` that it rejects with.' },
  },
  reloading: {
    when: 'A reload begins.',
    fields: {
      cause:
        'What asked for it: `api`, `signal`, `verb`, `file`, `renewal`, or `retry` after one that was refused.',
    },
  },
  reloaded: {
    when: 'A reload has ended well.',
    fields: { result: 'What has changed, and how long it took.' },
  },
  'reload:failed': {
    when: 'A reload has failed, and what was served before is served on.',
    fields: {
      cause:
        'What asked for it: `api`, `signal`, `verb`, `file`, `renewal`, or `retry` after one that was refused.',
      error: 'The `LaunchError` that says why.',
      served: 'The leaf that is served on; `null` for plain HTTP.',
    },
  },
  'certificate:expiring': {
    when: 'A certificate or a revocation list that is in use ends soon, or has: when the server is ready, after each reload, and each day.',
    fields: {
      role: '`leaf`, `intermediate`, `client CA` or `revocation list`.',
      leaf: 'The certificate, whatever its role; of a list, its issuer and its dates.',
      at: 'When this was judged.',
    },
  },
  'logs:reopened': {
    when: 'Every process has opened its logs again, after a signal or a verb asked for it.',
    fields: {
      files: 'Their paths; empty when no log is written to a file.',
      processes: 'How many processes write to them.',
    },
  },
  'worker:exit': {
    when: 'The process of a worker has ended. Under `single` there is none beside the launcher.',
    fields: {
      worker,
      pid,
      code: 'Its exit code; `null` when a signal ended it.',
      signal: 'That signal, or `null`.',
      expected: 'Whether somebody wanted it to end.',
    },
  },
  'worker:restart': {
    when: 'The place of a dead worker will be filled.',
    fields: { worker, delayMs: 'The wait before it, in milliseconds.' },
  },
  'worker:hang': {
    when: 'A worker blocks its event loop and is killed.',
    fields: {
      worker,
      pid,
      silentMs: 'For how long it was silent, in milliseconds.',
      stack: 'What it was executing, innermost call first; `null` when that could not be seen.',
    },
  },
  degraded: {
    when: 'A place among the workers has failed so often in a row that its budget is used up. The others serve on, and it is tried again.',
    fields: {
      worker: 'The number of the place.',
      failures: 'How often.',
      reason: 'Why the last one failed.',
    },
  },
  recovered: {
    when: 'The worker of such a place has served for ten seconds.',
    fields: { worker: 'The number of the place.' },
  },
  'worker:recycle': {
    when: 'A worker has reached one of its limits, and is replaced as soon as it is its turn.',
    fields: { worker, pid, cause: '`requests`, `lifetime` or `memory`.' },
  },
  'worker:replaced': {
    when: 'A new worker serves in the place of an old one, which drains.',
    fields: {
      worker,
      pid,
      before: 'The process id of the old one; `null` when the place was empty.',
      cause: '`reload`, `restart`, or a limit that was reached.',
    },
  },
  'client:refused': {
    when: 'A client was refused for its certificate (`tls.clientAuth: require`). Each process tells of ten in a second at most.',
    fields: {
      worker,
      pid,
      reason: 'The reason as OpenSSL names it, such as `CERT_HAS_EXPIRED`.',
      subject: 'Of the certificate, on one line.',
      issuer: 'Of the certificate, on one line.',
      serialNumber: 'Of the certificate, hexadecimal.',
      fingerprint256: 'SHA-256 of the certificate.',
      address: 'The address of the client; `null` on a UNIX domain socket.',
      count: 'How many were refused since the last such event, this one among them.',
    },
  },
  'worker:message': {
    when: 'The app has sent a message by `process.send()`.',
    fields: { worker, pid, message: 'The message, as it comes out of JSON. Nothing has checked it.' },
  },
  scaled: {
    when: 'The number of workers was changed.',
    fields: { from: 'How many there were.', to: 'How many there are to be now.' },
  },
  stopping: {
    when: 'A stop was asked for, by whomever; the hook `beforeStop` comes after it. Again when a later wish is more urgent.',
    fields: { urgency: '`graceful`; `hurry` when connections are cut; `kill` when processes are.' },
  },
  stopped: {
    when: 'The server is gone, and nothing more comes.',
    fields: { error: 'Why, when nobody asked for it; else `null`.' },
  },
} as const satisfies { readonly [Type in LaunchEventType]: CatalogEntry<Type> }
