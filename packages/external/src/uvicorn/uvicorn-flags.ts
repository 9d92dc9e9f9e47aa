import { type NativeFlag, wholeSeconds } from '../python/native-flag.ts'

/** The oldest version that this was run with: that of Debian 12. */
export const oldestUvicorn = '0.17.0'

/** For what the front adds to a head, such as `X-Forwarded-For` and `Client-Cert`. */
const addedBytes = 65_536

/** What Uvicorn is started with. `since` is the first version whose `--help` has the flag. */
export const uvicornFlags: readonly NativeFlag[] = [
  {
    flag: '--uds',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'unix' ? place.path : null),
  },
  {
    flag: '--host',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'tcp' ? place.host : null),
  },
  {
    flag: '--port',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'tcp' ? String(place.port) : null),
  },
  // Otherwise WEB_CONCURRENCY counts.
  { flag: '--workers', since: null, for: 'the front', value: () => '1' },
  {
    flag: '--interface',
    since: null,
    for: 'a WSGI app',
    value: ({ program }) => (program.app.interface === 'wsgi' ? 'wsgi' : null),
  },
  {
    flag: '--factory',
    since: null,
    for: 'the app',
    value: ({ program }) => (program.app.isFactory ? true : null),
  },
  {
    flag: '--app-dir',
    since: null,
    for: 'the folder of the app',
    value: ({ program }) => program.app.directory,
  },
  { flag: '--proxy-headers', since: null, for: 'the front', value: () => true },
  {
    // Only the front reaches the private address, so it is believed about the client. A UNIX socket has no address that could be named.
    flag: '--forwarded-allow-ips',
    since: null,
    for: 'the front',
    value: ({ place }) => (place.kind === 'tcp' ? place.host : '*'),
  },
  {
    flag: '--timeout-graceful-shutdown',
    since: '0.22.0',
    for: 'timeouts.graceful',
    value: ({ plan }) => wholeSeconds(plan.timeouts.gracefulMs),
  },
  {
    flag: '--h11-max-incomplete-event-size',
    since: '0.18.0',
    for: 'limits.headerBytes',
    value: ({ plan }) => String(plan.limits.headerBytes + addedBytes),
  },
  { flag: '--log-level', since: null, for: 'log.level', value: ({ plan }) => levels[plan.log.level] },
  // The front has one.
  { flag: '--no-access-log', since: null, for: 'accessLog.file', value: () => true },
  { flag: '--no-use-colors', since: null, for: 'log.format', value: () => true },
]

const levels = { silent: 'critical', error: 'error', warn: 'warning', info: 'info', debug: 'debug' } as const
