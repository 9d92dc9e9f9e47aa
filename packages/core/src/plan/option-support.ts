import type { OptionsAt, OptionValue } from '../options/option-table.ts'
import type { BackendSupport } from './backend-support.ts'
import type { OptionAnswer, SupportAnswer } from './support-answer.ts'

/**
 * An answer for every option. The backends of this project have one, so that a new option breaks their build until they answer for it.
 * `launcherSupport` and `serveSupport` answer for what the launcher and `serve/` do by themselves.
 */
export type OptionSupport = { readonly [Name in keyof BackendSupport]-?: OptionAnswer<Name> }

/** Whether a value is what `honoured()` or `refused()` return. */
export function isSupportAnswer(answer: unknown): answer is SupportAnswer {
  return typeof (answer as { honoured?: unknown } | null)?.honoured === 'boolean'
}

export function honoured(how: string): SupportAnswer {
  return { honoured: true, how }
}

export function refused(reason: string, cure: string): SupportAnswer {
  return { honoured: false, reason, cure }
}

/** `name` of a backend: what shows it besides the log and the verbs. */
export function nameSupport(titles: string): OptionAnswer<'name'> {
  return (_, { platform }) =>
    platform === 'win32'
      ? honoured('log lines and `lockstep ps`; the process list of Windows shows no titles')
      : honoured(titles)
}

const notInThread =
  'Call launch() in the main thread, or leave it out and set it for the whole process there.'

/** For every backend: the launcher acts on these by itself. */
export const launcherSupport = {
  backend: honoured('the launcher chooses'),
  pidFile: honoured('the launcher writes it and removes it'),
  verify: honoured('the launcher probes each bound address'),
  'tls.keyPermissions': (value, { platform }) =>
    platform === 'win32'
      ? refused(
          'files of Windows have no mode bits, so nothing would be looked at',
          'Leave it out. `icacls FILE` shows who may read a key, and `icacls FILE /inheritance:r /grant:r "%USERNAME%:R"` keeps it to yourself.',
        )
      : honoured(
          value === 'enforce'
            ? 'the launcher looks at mode and owner'
            : 'the launcher warns of mode and owner',
        ),
  control: honoured('the launcher listens for `lockstep status`, `reload` and `stop`'),
  umask: (value, { platform, isWorkerThread }) => {
    if (value === null) return honoured('set before anything is written')
    if (platform === 'win32')
      return refused('Windows has no umask', 'Leave it out: folders hand their permissions down there.')
    if (isWorkerThread) return refused('a worker thread cannot change the umask of its process', notInThread)
    return honoured('set before anything is written')
  },
  chdir: (value, { isWorkerThread }) =>
    value !== null && isWorkerThread
      ? refused('a worker thread cannot change the folder of its process', notInThread)
      : honoured('the launcher goes there before the app is loaded'),
  'tls.watch': honoured('the launcher watches the files and reloads'),
  'tls.expiryWarningDays': honoured('the launcher warns'),
  'log.level': honoured('the launcher filters'),
  'log.format': honoured('the launcher formats'),
} as const satisfies { [Name in OptionsAt<'launcher'>]: OptionAnswer<Name> }

/** For every backend that serves through `createAppServer()`. */
export const serveSupport = {
  'tls.cert': honoured('TLS context: cert'),
  'tls.key': honoured('TLS context: key'),
  'tls.pfx': honoured('TLS context: cert and key'),
  'tls.passphrase': honoured('opens the key before the start'),
  'tls.passphraseFile': honoured('opens the key before the start'),
  'tls.passphraseCommand': honoured('opens the key before the start'),
  'tls.ca': honoured('TLS context: ca'),
  'tls.crl': honoured('TLS context: crl'),
  'tls.clientAuth': honoured('TLS server: requestCert, rejectUnauthorized'),
  'tls.minVersion': honoured('TLS context: minVersion'),
  'tls.maxVersion': honoured('TLS context: maxVersion'),
  'tls.ciphers': honoured('TLS context: ciphers'),
  'tls.ciphersuites': honoured('TLS context: ciphers'),
  'tls.sni': honoured('TLS server: SNICallback'),
  'tls.unknownHost': honoured('TLS server: SNICallback'),
  'tls.sessionTickets': honoured('TLS context: secureOptions'),
  'tls.sessionTimeout': honoured('TLS context: sessionTimeout'),
  'tls.profile': honoured('TLS context: what is not set otherwise'),
  'tls.groups': honoured('TLS context: ecdhCurve'),
  'tls.sigalgs': honoured('TLS context: sigalgs'),
  'tls.dhparam': honoured('TLS context: dhparam'),
  'tls.handshakeTimeout': honoured('TLS server: handshakeTimeout'),
  'tls.selfSigned': honoured('a leaf of the local CA, kept for development'),
  'tls.protocols': servedProtocols,
  'tls.redirectPort': honoured('the port in the Location of a redirect'),
  'tls.keylog': honoured('the secrets of each handshake are appended'),
  'tls.hsts': honoured('a header of each response over TLS'),
  'proxy.trusted': honoured('facts of each request, and its forwarded headers'),
  'proxy.header': honoured('the header from which the facts are read'),
  'proxy.protocol': honoured('read before TLS'),
  'timeouts.keepAlive': honoured('HTTP server: keepAliveTimeout'),
  'timeouts.headers': honoured('HTTP server: headersTimeout'),
  'timeouts.request': honoured('HTTP server: requestTimeout'),
  'timeouts.send': honoured('the connection or the stream is cut'),
  'limits.connections': honoured('the connection is closed before TLS'),
  'limits.concurrency': honoured('503 before the app'),
  'limits.headerBytes': honoured('HTTP server: maxHeaderSize'),
  'limits.headerCount': honoured('431 before the app'),
  'health.ready': honoured('answered before the app'),
  'health.live': honoured('answered before the app'),
  'accessLog.file': honoured('written when a response ends'),
  'accessLog.format': honoured('written when a response ends'),
} as const satisfies { [Name in OptionsAt<'serve'>]: OptionAnswer<Name> }

const noProgram = refused(
  'it serves an app in processes of its own, and there is no program behind it',
  'Use the backend command, or `lockstep exec -- PROGRAM`.',
)

/** For every backend that loads an app of Node itself, and starts no other program. */
export const ownAppSupport = {
  command: noProgram,
  'upstream.setEnv': noProgram,
  'upstream.readyPath': noProgram,
  'upstream.readyOutput': noProgram,
  'upstream.stopSignal': noProgram,
  'upstream.connectTimeout': noProgram,
  'upstream.responseTimeout': noProgram,
} as const satisfies Partial<OptionSupport>

const noReplacement = refused(
  'the one process that serves cannot be replaced while it serves',
  'Use --backend cluster, whose primary starts another worker first (one worker is enough).',
)

/** For a backend that serves in one process, without a supervisor. */
export const oneProcessSupport = {
  workers: (value) =>
    value === 1
      ? honoured('this process')
      : refused('it serves in one process', 'Use --backend cluster, or leave the backend to auto.'),
  balance: (value) =>
    value === 'auto'
      ? honoured('one process takes all')
      : refused('one process takes every connection', 'Use --backend cluster, or leave it to auto.'),
  sticky: honoured('one process has all sessions'),
  'timeouts.hang': refused(
    'no other process watches one that blocks its own event loop',
    'Use --backend cluster, which has a primary that does (one worker is enough).',
  ),
  ...ownAppSupport,
  'reload.mode': noReplacement,
  'reload.maxSurge': noReplacement,
  'reload.maxUnavailable': noReplacement,
  'recycle.maxRequests': noReplacement,
  'recycle.maxRequestsJitter': noReplacement,
  'recycle.lifetime': noReplacement,
  'recycle.lifetimeJitter': noReplacement,
  'recycle.memory': noReplacement,
  'recycle.heap': noReplacement,
} as const satisfies Partial<OptionSupport>

/** What `serve/` can speak, and why not the rest. */
function servedProtocols(names: OptionValue<'tls.protocols'>): SupportAnswer {
  if (names.includes('h2c'))
    return refused(
      'HTTP/2 without TLS is spoken by no browser and has been a way around the checks of proxies',
      'Use h2, which is HTTP/2 over TLS.',
    )
  if (names.includes('h3'))
    return refused('Node has no HTTP/3 server', 'Use h2, or put a proxy that speaks HTTP/3 in front.')
  return honoured('ALPN of the TLS server, with an HTTP server for each')
}
