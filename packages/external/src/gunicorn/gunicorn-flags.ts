import { type NativeFlag, wholeSeconds } from '../python/native-flag.ts'
import type { PythonProgram } from '../python/python-program.ts'
import { isSince } from '../python/versions.ts'

/** The oldest version that this was run with: that of Debian 12. */
export const oldestGunicorn = '20.1.0'

/** A thread waits for each request that a WSGI app answers. */
const threads = '4'

/** For what the front adds to a head, such as `X-Forwarded-For` and `Client-Cert-Chain`. */
const addedFields = 64
const addedBytes = 65_536
/** Gunicorn takes no higher number. */
const mostFields = 32_768

/** What Gunicorn is started with. `since` is the first version whose `--help` has the flag. */
export const gunicornFlags: readonly NativeFlag[] = [
  {
    flag: '--bind',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'tcp' ? `${place.host}:${place.port}` : `unix:${place.path}`),
  },
  { flag: '--workers', since: null, for: 'the front', value: () => '1' },
  {
    flag: '--worker-class',
    since: null,
    for: 'the app (ASGI or WSGI)',
    value: ({ program }) => (program.workerClass === null ? workerClass(program) : null),
  },
  {
    flag: '--threads',
    since: null,
    for: 'a WSGI app',
    value: ({ program }) =>
      program.app.interface === 'wsgi' && !isOwn(program, 'threads') && program.workerClass === null
        ? threads
        : null,
  },
  {
    flag: '--pythonpath',
    since: null,
    for: 'the folder of the app',
    value: ({ program }) => (isOwn(program, 'pythonpath') ? null : program.app.directory),
  },
  {
    flag: '--timeout',
    since: null,
    for: 'timeouts.hang',
    value: ({ plan }) => wholeSeconds(plan.timeouts.hangMs),
  },
  {
    flag: '--graceful-timeout',
    since: null,
    for: 'timeouts.graceful',
    value: ({ plan }) => wholeSeconds(plan.timeouts.gracefulMs),
  },
  {
    // Only the front reaches the private address, so it is believed about the client.
    flag: '--forwarded-allow-ips',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'tcp' ? place.host : '*'),
  },
  // The front has the limits, and Gunicorn's own must not be smaller. 0 means unlimited.
  { flag: '--limit-request-line', since: null, for: 'limits.headerBytes', value: () => '0' },
  {
    // Gunicorn 26 and 27 document 0 as unlimited here too, but their worker gthread takes it for 8190.
    flag: '--limit-request-field_size',
    since: null,
    for: 'limits.headerBytes',
    value: ({ plan }) => String(plan.limits.headerBytes + addedBytes),
  },
  {
    flag: '--limit-request-fields',
    since: null,
    for: 'limits.headerCount',
    value: ({ plan }) => String(Math.min(mostFields, plan.limits.headerCount + addedFields)),
  },
  {
    flag: '--log-level',
    since: null,
    for: 'log.level',
    value: ({ plan }) => levels[plan.log.level],
  },
  { flag: '--name', since: null, for: 'name', value: ({ plan }) => plan.name },
  // On by default, at a place in the home folder that all of a user's Gunicorns share.
  { flag: '--no-control-socket', since: '25.1.0', for: 'the commands of Lockstep', value: () => true },
]

const levels = { silent: 'critical', error: 'error', warn: 'warning', info: 'info', debug: 'debug' } as const

/** A setting that the user has set in Gunicorn's own way, which then holds. */
function isOwn({ settings }: PythonProgram, setting: string): boolean {
  return settings.includes(setting)
}

/**
 * Gunicorn's own worker for ASGI came with 24.0.0, but that of 25.3 to 26 says to every app that the scheme is http, whatever `X-Forwarded-Proto`
 * says. So an app behind TLS would redirect to itself without an end.
 */
const asgiSince = '27.0.0'

/**
 * How Gunicorn runs the app; `null`: the installed packages have no way that fits. Uvicorn's worker comes first, because it also says to the app which address
 * the client has, as the front reports it; Gunicorn's own ones leave that to the app, as always for WSGI.
 */
export function workerClass({ version, versions, app }: PythonProgram): string | null {
  // Unlike the default class, it keeps connections open, and proves to be alive while a request takes long.
  if (app.interface === 'wsgi') return 'gthread'
  if (versions['uvicorn-worker'] !== undefined) return 'uvicorn_worker.UvicornWorker'
  if (isSince(version, asgiSince)) return 'asgi'
  return versions['uvicorn'] === undefined ? null : 'uvicorn.workers.UvicornWorker'
}

/** The class that runs the app, if it does not believe the front about the scheme. */
export function deafWorkerClass({ version, workerClass: own }: PythonProgram): string | null {
  return own !== null && /(^asgi$|gasgi)/i.test(own) && !isSince(version, asgiSince) ? own : null
}
