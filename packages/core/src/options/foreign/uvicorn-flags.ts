import { noWatch, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

const python = (variable: string): string =>
  `For a Python app, set the variable \`${variable}\`. It has no meaning for a Node app.`
const headers =
  'The app or a framework sets headers. Lockstep adds `Strict-Transport-Security` with `--tls-hsts`.'

/** The flags of Uvicorn 0.54. */
export const uvicornFlags: readonly ForeignFlag[] = [
  same('--host', 'listens on this interface'),
  same('--port', 'listens on this port', 'The default is 3000 here, and 8000 there.'),
  same('--uds', 'listens on this UNIX domain socket'),
  same('--fd', 'listens on this open socket'),
  same('--backlog', 'is the number of connections that may wait'),
  same('--workers', 'is the number of worker processes'),
  same('--limit-concurrency', 'limits the requests at a time'),
  same('--limit-max-requests', 'replaces a worker after this many requests'),
  refused(
    '--limit-max-requests-jitter',
    'adds a random number of requests',
    'Write `--max-requests-jitter`.',
  ),
  same('--timeout-keep-alive', 'keeps an idle connection open for this long'),
  same('--timeout-graceful-shutdown', 'waits for requests in flight'),
  refused('--timeout-worker-healthcheck', 'replaces a worker that hangs', 'Write `--hang-timeout`.'),
  same('--ssl-certfile', 'is the certificate'),
  same('--ssl-keyfile', 'is the private key'),
  refused(
    '--ssl-keyfile-password',
    'is the passphrase of the key',
    'Every user of the machine can see a command line. Write `--tls-passphrase-file`, or set the variable `LOCKSTEP_TLS_PASSPHRASE`.',
  ),
  same('--ssl-ca-certs', 'is the CA of client certificates'),
  same('--ssl-cert-reqs', 'says whether clients need a certificate', '0, 1 and 2 work too.'),
  same('--ssl-ciphers', 'lists the ciphers', 'Those of TLS 1.2. `--tls-ciphersuites` is for TLS 1.3.'),
  refused('--ssl-version', 'selects the TLS version', 'Write `--tls-min-version` and `--tls-max-version`.'),
  same(
    '--forwarded-allow-ips',
    'lists the proxies to trust',
    'Uvicorn trusts 127.0.0.1 by default. Lockstep trusts no proxy until you name it.',
  ),
  refused(
    '--proxy-headers',
    'believes the headers of proxies',
    'Leave it out. `--forwarded-allow-ips` names the proxies that count.',
  ),
  refused(
    '--no-proxy-headers',
    'ignores the headers of proxies',
    'Leave it out: without `--forwarded-allow-ips`, no proxy counts.',
  ),
  same('--h11-max-incomplete-event-size', 'limits the request line and the headers'),
  same('--log-level', 'sets the level of the log'),
  refused(
    '--log-config',
    'configures the log',
    'For a Python app, set the variable `UVICORN_LOG_CONFIG`. For the log of Lockstep: `--log-level` and `--log-format`.',
  ),
  clash(
    '--access-log',
    'writes the access log',
    'Here it needs a file: `--access-log -` is the standard output.',
  ),
  refused('--no-access-log', 'writes no access log', 'Leave it out: there is none without `--access-log`.'),
  refused(
    '--use-colors --no-use-colors',
    'colours the log',
    'The log has colours on a terminal. The variable `NO_COLOR=1` switches them off.',
  ),
  refused('--http2', 'serves HTTP/2', 'Write `--tls-protocols h2,http/1.1`.'),
  refused('--http', 'selects the parser of HTTP', python('UVICORN_HTTP')),
  refused('--loop', 'selects the event loop', python('UVICORN_LOOP')),
  refused('--ws', 'selects the library for WebSockets', python('UVICORN_WS')),
  refused('--ws-max-size', 'limits a WebSocket message', python('UVICORN_WS_MAX_SIZE')),
  refused('--ws-max-queue', 'limits the queue of a WebSocket', python('UVICORN_WS_MAX_QUEUE')),
  refused('--ws-ping-interval', 'sends pings to WebSockets', python('UVICORN_WS_PING_INTERVAL')),
  refused('--ws-ping-timeout', 'waits for the answer to a ping', python('UVICORN_WS_PING_TIMEOUT')),
  refused(
    '--ws-per-message-deflate',
    'compresses WebSocket messages',
    python('UVICORN_WS_PER_MESSAGE_DEFLATE'),
  ),
  refused(
    '--lifespan',
    'switches the lifespan of ASGI',
    `${python('UVICORN_LIFESPAN')} A Node app has its own: docs/lifespan.md.`,
  ),
  refused('--reset-contextvars', 'runs each request in a fresh context', python('UVICORN_RESET_CONTEXTVARS')),
  clash(
    '--interface',
    'says whether the app is ASGI or WSGI',
    'Here it says how a Node app is called. Leave it out: Lockstep finds out what a Python app is.',
  ),
  refused(
    '--factory',
    'calls the app to make it',
    "Write the call: `lockstep run 'main:create_app()'`. For a Node app: `--interface factory`.",
  ),
  refused(
    '--app-dir',
    'is the folder of the app',
    'Name the app by its file: `lockstep run ./src/main.py:app`.',
  ),
  refused(
    '--root-path',
    'is the path below which a proxy serves the app',
    "For a Python app, set the variable `UVICORN_ROOT_PATH`. For a Node app, mount it there: `app.use('/shop', shop)`.",
  ),
  refused('--env-file', 'reads variables from this file', 'Write `--dotenv production.env`.'),
  clash(
    '--reload',
    restartsAtChange,
    `Here \`--reload\` says how \`lockstep reload\` replaces what serves. ${noWatch}`,
  ),
  refused('--reload-dir', 'watches this folder', noWatch),
  refused('--reload-include', 'watches these files', noWatch),
  refused('--reload-exclude', 'does not watch these files', noWatch),
  refused('--reload-delay', 'waits between two looks', noWatch),
  refused(
    '--server-header --no-server-header',
    'says whether there is a header Server',
    'Lockstep sends no header Server. That of a Python app is passed on.',
  ),
  refused(
    '--date-header --no-date-header',
    'says whether there is a header Date',
    'Node sends it, as RFC 9110 asks.',
  ),
  refused('--header', 'adds a header to each response', headers),
  same('--version', 'shows the version'),
  same('--help', 'shows the help'),
]
