import { LaunchError } from '../../errors/launch-error.ts'
import { symbolMember } from '../../platform/node/internals/symbol-member.ts'

/** A server that ends TLS by itself, as far as this looks at it. Its members are those of `tls.Server`. */
type TlsMembers = Record<string, unknown> & { listenerCount?: (event: string) => number }

interface TlsSetting {
  /** Whether the server has it, and not just as Node's default. */
  readonly isSet: (server: TlsMembers) => boolean
  /** What sets the same here, with its value if that is known without the server; `null`: Lockstep has no option for it. */
  readonly option: string | null
  /** The same with the value of the server. */
  readonly withValue?: (server: TlsMembers) => string
}

/**
 * The TLS settings that a server of an app may bring, in the order in which a refusal names them. Node keeps a few of them on symbols
 * without a public way to read them; on a Node that names a symbol in another way, that setting is not named, and the app is still refused.
 */
export const tlsSettings = {
  cert: given('cert', '--tls-cert FILE'),
  key: given('key', '--tls-key FILE'),
  pfx: given('pfx', '--tls-pfx FILE'),
  passphrase: given('passphrase', '--tls-passphrase-file FILE'),
  requestCert: {
    isSet: ({ requestCert }) => requestCert === true,
    option: '--tls-client-auth',
    withValue: ({ rejectUnauthorized }) =>
      `--tls-client-auth ${rejectUnauthorized === false ? 'request' : 'require'}`,
  },
  rejectUnauthorized: { isSet: (server) => server['rejectUnauthorized'] === false, option: null },
  ca: given('ca', '--tls-ca FILE'),
  crl: given('crl', '--tls-crl FILE'),
  minVersion: {
    ...given('minVersion', '--tls-min-version VERSION'),
    withValue: ({ minVersion }) => `--tls-min-version ${minVersion}`,
  },
  maxVersion: {
    ...given('maxVersion', '--tls-max-version VERSION'),
    withValue: ({ maxVersion }) => `--tls-max-version ${maxVersion}`,
  },
  secureProtocol: given('secureProtocol', '--tls-min-version and --tls-max-version'),
  ciphers: given('ciphers', '--tls-ciphers LIST'),
  ecdhCurve: given('ecdhCurve', '--tls-groups LIST'),
  sigalgs: given('sigalgs', '--tls-sigalgs LIST'),
  dhparam: given('dhparam', '--tls-dhparam FILE'),
  honorCipherOrder: { isSet: (server) => server['honorCipherOrder'] === false, option: null },
  secureOptions: given('secureOptions'),
  SNICallback: { ...onSymbol('snicallback'), option: '--tls-sni HOST=CERT,KEY' },
  addContext: {
    isSet: ({ _contexts }) => Array.isArray(_contexts) && _contexts.length > 0,
    option: '--tls-sni HOST=CERT,KEY',
  },
  ALPNProtocols: {
    isSet: ({ ALPNProtocols }) =>
      ArrayBuffer.isView(ALPNProtocols) &&
      Buffer.from(ALPNProtocols as Uint8Array).toString('latin1') !== '\x08http/1.1',
    option: '--tls-protocols LIST',
    withValue: ({ ALPNProtocols }) =>
      Buffer.from(ALPNProtocols as Uint8Array).includes('h2')
        ? '--tls-protocols h2,http/1.1'
        : '--tls-protocols http/1.1',
  },
  ALPNCallback: given('ALPNCallback', '--tls-protocols h2,http/1.1'),
  pskCallback: onSymbol('pskcallback'),
  sessionTimeout: given('sessionTimeout', '--tls-session-timeout TIME'),
  ticketKeys: given('ticketKeys', '--tls-session-tickets, whose keys all workers share'),
  handshakeTimeout: {
    isSet: (server) => ![undefined, 120_000].includes(symbolMember(server, 'handshake-timeout') as number),
    option: '--tls-handshake-timeout TIME',
    withValue: (server) => `--tls-handshake-timeout ${symbolMember(server, 'handshake-timeout')}ms`,
  },
  clientCertEngine: given('clientCertEngine'),
  privateKeyEngine: given('privateKeyEngine'),
  certificateCompression: given('certificateCompression'),
  'a listener for newSession': listensFor('newSession'),
  'a listener for resumeSession': listensFor('resumeSession'),
  'a listener for OCSPRequest': listensFor('OCSPRequest'),
  'a listener for keylog': { ...listensFor('keylog'), option: '--tls-keylog FILE' },
  'a listener for tlsClientError': listensFor('tlsClientError'),
  'a listener for secureConnection': listensFor('secureConnection'),
} as const satisfies { readonly [setting: string]: TlsSetting }

export type OwnTlsSetting = keyof typeof tlsSettings

/**
 * Throws `LOCKSTEP_ERR_APP_TLS` when what an app brings ends TLS by itself, or speaks HTTP/2 by itself: what it asks for would be dropped, since
 * the launcher ends TLS. Nothing of it is adopted, also where TLS is planned: it would be unclear which of two certificates is meant.
 */
export function refuseOwnTls(
  given: object,
  {
    where,
    does = 'exports',
    otherwise = null,
  }: {
    where: string
    does?: 'exports' | 'lets listen'
    /** Another cure. */
    otherwise?: string | null
  },
): void {
  const found = describeTls(given)
  if (found === null) return
  const { kind, settings, options } = found
  const named = settings.length === 0 ? '' : ` with ${settings.join(', ')}`
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_TLS',
    message: `What ${where} ${does} is ${kind}${named}. Lockstep ends TLS itself, so the settings of the app would have no effect.`,
    hint: [
      ownTlsCures[kind],
      ...(options.length === 0 ? [] : [`Set here what it brings: ${options.join(' ')}.`]),
      ...(otherwise === null ? [] : [otherwise]),
    ].join(' '),
  })
}

/** What ends TLS, or speaks HTTP/2, by itself, with what an app exports instead. */
export type OwnTlsKind = keyof typeof ownTlsCures

export const ownTlsCures = {
  'an https.Server':
    'Export its handler, or an http.Server: http.createServer(handler) instead of https.createServer(options, handler). In Fastify, leave `https` out.',
  'a server of http2.createSecureServer()':
    'Export its handler, or http.createServer(handler): --tls-protocols h2,http/1.1 serves it over HTTP/2. In Fastify, leave `http2` and `https` out.',
  'a server of http2.createServer()':
    'Lockstep never serves HTTP/2 without TLS, so it can serve no gRPC. Export its handler, or http.createServer(handler): --tls-protocols h2,http/1.1 serves it over HTTP/2 with TLS. In Fastify, leave `http2` out.',
  'a tls.Server':
    'Lockstep serves HTTP: export a handler of requests. A server of another protocol cannot be served.',
  'an object with `tls`': 'Leave `tls` out of the object.',
} as const

function describeTls(
  given: object,
): { kind: OwnTlsKind; settings: readonly string[]; options: readonly string[] } | null {
  const kind = kindOf(given as TlsMembers)
  if (kind === null) return null
  const server = (kind === 'an object with `tls`' ? (given as { tls: object }).tls : given) as TlsMembers
  // Node itself listens for these on its servers of HTTP over TLS.
  const own = Object.entries<TlsSetting>(tlsSettings).filter(([, { isSet }]) => isSet(server))
  const isSecure = kind !== 'a server of http2.createServer()'
  return {
    kind,
    settings: isSecure ? own.map(([name]) => name) : [],
    options: isSecure
      ? [...new Set(own.flatMap(([, { option, withValue }]) => withValue?.(server) ?? option ?? []))]
      : [],
  }
}

/** By their members, since an app may have loaded parts of Node that this process would not load without it. */
function kindOf(given: TlsMembers): OwnTlsKind | null {
  const isServer = typeof given['listen'] === 'function' && typeof given['listenerCount'] === 'function'
  const endsTls = isServer && typeof given['setSecureContext'] === 'function'
  // Only servers of HTTP/2 have it.
  const speaksHttp2 = isServer && typeof given['updateSettings'] === 'function'
  if (speaksHttp2)
    return endsTls ? 'a server of http2.createSecureServer()' : 'a server of http2.createServer()'
  if (endsTls) return typeof given['closeIdleConnections'] === 'function' ? 'an https.Server' : 'a tls.Server'
  const { fetch, tls } = given
  return !isServer && typeof fetch === 'function' && typeof tls === 'object' && tls !== null
    ? 'an object with `tls`'
    : null
}

function given(name: string, option?: string): TlsSetting {
  return {
    isSet: (server) => server[name] !== undefined && server[name] !== null,
    option: option ?? null,
  }
}

function onSymbol(description: string): TlsSetting {
  return { isSet: (server) => symbolMember(server, description) !== undefined, option: null }
}

/** `https.createServer()` listens for `secureConnection` and `tlsClientError` once, and http2 for `secureConnection`. */
function listensFor(event: string): TlsSetting {
  return {
    isSet: (server) => {
      const ofNode = event === 'secureConnection' || event === 'tlsClientError' ? 1 : 0
      return typeof server.listenerCount === 'function' && server.listenerCount(event) > ofNode
    },
    option: null,
  }
}
