// Generated from the option table by `npm run docs`. Do not edit.
import type { OptionAnswer } from './support-answer.ts'

/** A backend's answers. An option without an answer is refused when a user sets it, so a new option does not break older backends. */
export interface BackendSupport {
  /** The app to serve: a module or a folder. Add :EXPORT for an export other than the default. Value: the path or the file: URL of a module, or (in the API) an app. */
  readonly app?: OptionAnswer<'app'> | undefined
  /** A program to start and to serve, with its arguments, instead of an app. Value: a list of words. */
  readonly command?: OptionAnswer<'command'> | undefined
  /** Arguments for the app. Value: a list of words. */
  readonly args?: OptionAnswer<'args'> | undefined
  /** Load this module before the app. May be given several times. Value: a path that begins with ./, ../ or /, a file: URL, or the name of a package. */
  readonly import?: OptionAnswer<'import'> | undefined
  /** Let the app open this port itself, as for metrics. May be given several times. Value: PORT, HOST:PORT or [IPv6]:PORT, with a port from 1 to 65535. */
  readonly appPorts?: OptionAnswer<'appPorts'> | undefined
  /** How to call the app. Value: one of auto, node, fetch, factory. */
  readonly interface?: OptionAnswer<'interface'> | undefined
  /** Serve the files of this folder, instead of an app. Value: the path of a folder. */
  readonly 'static.directory'?: OptionAnswer<'static.directory'> | undefined
  /** Serve /index.html for a page that is not in the folder, for an app with paths of its own. Value: true or false. */
  readonly 'static.single'?: OptionAnswer<'static.single'> | undefined
  /** Listen on this address instead of host and port. May be given several times. Value: HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME. */
  readonly bind?: OptionAnswer<'bind'> | undefined
  /** Listen on this interface. Value: the name or the IP address of an interface, without a port (`bind` takes both). */
  readonly host?: OptionAnswer<'host'> | undefined
  /** Listen on this port; 0 asks the system for a free one. Value: a whole number from 0 to 65535. */
  readonly port?: OptionAnswer<'port'> | undefined
  /** Number of connections that may wait in the kernel to be accepted. Value: a whole number from 1 to 65535. */
  readonly backlog?: OptionAnswer<'backlog'> | undefined
  /** Permissions of each UNIX domain socket. Value: the permissions of a socket, such as 660, in octal digits as text. */
  readonly 'socket.mode'?: OptionAnswer<'socket.mode'> | undefined
  /** Owner of each UNIX domain socket. Value: the name or the number of a user of this system. */
  readonly 'socket.owner'?: OptionAnswer<'socket.owner'> | undefined
  /** Group of each UNIX domain socket. Value: the name or the number of a group of this system. */
  readonly 'socket.group'?: OptionAnswer<'socket.group'> | undefined
  /** Supervise the server with this backend: single, cluster, or auto. Value: auto, single, cluster, the path or the file: URL of a module, or (in the API) a ServerBackend. */
  readonly backend?: OptionAnswer<'backend'> | undefined
  /** Number of processes that serve; auto is one per CPU. Value: a whole number from 1 to 1024, or auto. */
  readonly workers?: OptionAnswer<'workers'> | undefined
  /** How to spread connections over the workers: round-robin, shared, reuse-port, or auto. Value: one of auto, round-robin, shared, reuse-port. */
  readonly balance?: OptionAnswer<'balance'> | undefined
  /** Send all requests of a client to the same worker: by a cookie, by its address, or none. Value: one of none, cookie, address. */
  readonly sticky?: OptionAnswer<'sticky'> | undefined
  /** Wait for process.send('ready') from the app before it counts as ready. Value: true or false. */
  readonly waitReady?: OptionAnswer<'waitReady'> | undefined
  /** Stop the app with the message 'shutdown' instead of a signal. Value: true or false. */
  readonly shutdownWithMessage?: OptionAnswer<'shutdownWithMessage'> | undefined
  /** Name of the server in the process list and in each log line. Value: a name for the process list. */
  readonly name?: OptionAnswer<'name'> | undefined
  /** Write the process id of the launcher to this file. Value: the path of a file that Lockstep may write. */
  readonly pidFile?: OptionAnswer<'pidFile'> | undefined
  /** Probe each bound address as a client before announcing the server. Value: true or false. */
  readonly verify?: OptionAnswer<'verify'> | undefined
  /** Let `lockstep status`, `reload` and `stop` reach the server. On for `lockstep run`. Value: true or false. */
  readonly control?: OptionAnswer<'control'> | undefined
  /** How a reload renews what serves: replace, or restart for programs that cannot run twice. Value: one of replace, restart. */
  readonly 'reload.mode'?: OptionAnswer<'reload.mode'> | undefined
  /** Extra workers that may run while a reload replaces workers. Value: a whole number from 0 to 1024. */
  readonly 'reload.maxSurge'?: OptionAnswer<'reload.maxSurge'> | undefined
  /** Workers that may be missing while a reload replaces workers. Value: a whole number from 0 to 1024. */
  readonly 'reload.maxUnavailable'?: OptionAnswer<'reload.maxUnavailable'> | undefined
  /** Replace a worker after this many requests. Value: a whole number from 1 to 1000000000. */
  readonly 'recycle.maxRequests'?: OptionAnswer<'recycle.maxRequests'> | undefined
  /** Random extra requests per worker (0 to N), so that workers don't recycle together. Value: a whole number from 0 to 1000000000. */
  readonly 'recycle.maxRequestsJitter'?: OptionAnswer<'recycle.maxRequestsJitter'> | undefined
  /** Replace a worker after this time. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'recycle.lifetime'?: OptionAnswer<'recycle.lifetime'> | undefined
  /** Random extra lifetime per worker (0 to N), so that workers don't recycle together. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 adds none). */
  readonly 'recycle.lifetimeJitter'?: OptionAnswer<'recycle.lifetimeJitter'> | undefined
  /** Replace a worker when its resident memory exceeds this size. Value: a size from 16MiB to 1024GiB, such as 512MiB. */
  readonly 'recycle.memory'?: OptionAnswer<'recycle.memory'> | undefined
  /** Replace a worker when its V8 heap exceeds this size. Value: a size from 1MiB to 1024GiB, such as 256MiB. */
  readonly 'recycle.heap'?: OptionAnswer<'recycle.heap'> | undefined
  /** Set this environment variable for the program. May be given several times. Value: NAME=VALUE, with each name once. */
  readonly 'upstream.setEnv'?: OptionAnswer<'upstream.setEnv'> | undefined
  /** Wait until the program answers this path with 2xx or 3xx. Value: a path of a URL such as /ready, without a query. */
  readonly 'upstream.readyPath'?: OptionAnswer<'upstream.readyPath'> | undefined
  /** Wait until a line of the program's output contains this text. Value: a text that a line of the output contains. */
  readonly 'upstream.readyOutput'?: OptionAnswer<'upstream.readyOutput'> | undefined
  /** Signal that asks the program to end. Value: one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH. */
  readonly 'upstream.stopSignal'?: OptionAnswer<'upstream.stopSignal'> | undefined
  /** Time for a connection to the program. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'upstream.connectTimeout'?: OptionAnswer<'upstream.connectTimeout'> | undefined
  /** Time the program may take to begin its response. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). */
  readonly 'upstream.responseTimeout'?: OptionAnswer<'upstream.responseTimeout'> | undefined
  /** Run the app as this user, when root starts the server. Value: the name or the number of a user of this system. */
  readonly user?: OptionAnswer<'user'> | undefined
  /** Run the app as this group. Default: the main group of --user. Value: the name or the number of a group of this system. */
  readonly group?: OptionAnswer<'group'> | undefined
  /** Permissions to remove from every new file, such as logs and sockets. Value: the permissions that new files do not get, such as 027, in octal digits as text. */
  readonly umask?: OptionAnswer<'umask'> | undefined
  /** Run the app in this folder. Value: the path of a folder. */
  readonly chdir?: OptionAnswer<'chdir'> | undefined
  /** Certificate chain, leaf first, as PEM. Switches TLS on. Value: the path of a certificate chain, or its PEM text, or a list of them. */
  readonly 'tls.cert'?: OptionAnswer<'tls.cert'> | undefined
  /** Private key of the certificate, as PEM. Value: the path of a private key, or its PEM text, or a list of them. */
  readonly 'tls.key'?: OptionAnswer<'tls.key'> | undefined
  /** PKCS#12 file (.pfx, .p12) with the chain and its key, instead of --tls-cert and --tls-key. Value: the path of a PKCS#12 file, or (in the API) its bytes. */
  readonly 'tls.pfx'?: OptionAnswer<'tls.pfx'> | undefined
  /** Passphrase of an encrypted private key. Never a flag. Value: the passphrase of the private key, or (in the API) a function that returns it. */
  readonly 'tls.passphrase'?: OptionAnswer<'tls.passphrase'> | undefined
  /** File that contains the passphrase of the private key. Value: the path of a file that holds the passphrase. */
  readonly 'tls.passphraseFile'?: OptionAnswer<'tls.passphraseFile'> | undefined
  /** Command that prints the passphrase of the private key. Value: a command that prints the passphrase. */
  readonly 'tls.passphraseCommand'?: OptionAnswer<'tls.passphraseCommand'> | undefined
  /** What to do when other users can read the private key: refuse the start, or warn. Value: one of enforce, warn. */
  readonly 'tls.keyPermissions'?: OptionAnswer<'tls.keyPermissions'> | undefined
  /** Warn this many days before a certificate expires. Value: a whole number from 0 to 365, or auto. */
  readonly 'tls.expiryWarningDays'?: OptionAnswer<'tls.expiryWarningDays'> | undefined
  /** CA certificates that may issue client certificates, as PEM. Value: the path of the CA certificates that client certificates must chain to, or its PEM text, or a list of them. */
  readonly 'tls.ca'?: OptionAnswer<'tls.ca'> | undefined
  /** Whether clients must show a certificate. Value: one of none, request, require. */
  readonly 'tls.clientAuth'?: OptionAnswer<'tls.clientAuth'> | undefined
  /** Lowest TLS version to serve. TLS 1.0 and 1.1 are not supported. Value: one of TLSv1.2, TLSv1.3. */
  readonly 'tls.minVersion'?: OptionAnswer<'tls.minVersion'> | undefined
  /** Highest TLS version to serve. Value: one of TLSv1.2, TLSv1.3. */
  readonly 'tls.maxVersion'?: OptionAnswer<'tls.maxVersion'> | undefined
  /** Ciphers of TLS 1.2, in order of preference. Value: OpenSSL names of TLS 1.2 ciphers, separated by colons. */
  readonly 'tls.ciphers'?: OptionAnswer<'tls.ciphers'> | undefined
  /** Cipher suites of TLS 1.3, in order of preference. Value: names of TLS 1.3 cipher suites, separated by colons. */
  readonly 'tls.ciphersuites'?: OptionAnswer<'tls.ciphersuites'> | undefined
  /** Make a certificate on first use, for development. Value: true or false. */
  readonly 'tls.selfSigned'?: OptionAnswer<'tls.selfSigned'> | undefined
  /** Certificates for further hosts, selected by the name that a client asks for (SNI). Value: HOST=CERT,KEY or HOST=PFX, or (in the API and a configuration file) an object of certificates by host. */
  readonly 'tls.sni'?: OptionAnswer<'tls.sni'> | undefined
  /** What to do with a client that asks for a host for which there is no certificate. Value: one of default, reject. */
  readonly 'tls.unknownHost'?: OptionAnswer<'tls.unknownHost'> | undefined
  /** Revocation lists for client certificates. Value: the path of a certificate revocation list, or its PEM text, or a list of them. */
  readonly 'tls.crl'?: OptionAnswer<'tls.crl'> | undefined
  /** Preset for TLS versions, ciphers and groups; explicit settings override it. Value: one of modern, intermediate, old. */
  readonly 'tls.profile'?: OptionAnswer<'tls.profile'> | undefined
  /** Groups for the key exchange, in order of preference. Value: names of key exchange groups, separated by colons. */
  readonly 'tls.groups'?: OptionAnswer<'tls.groups'> | undefined
  /** Signature algorithms to use and accept, in order of preference. Value: names of signature algorithms, separated by colons. */
  readonly 'tls.sigalgs'?: OptionAnswer<'tls.sigalgs'> | undefined
  /** Parameters of finite-field Diffie-Hellman, for old clients of TLS 1.2. Value: auto, the path of Diffie-Hellman parameters, or their PEM text. */
  readonly 'tls.dhparam'?: OptionAnswer<'tls.dhparam'> | undefined
  /** Time a TLS handshake may take, from the first byte of the connection. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'tls.handshakeTimeout'?: OptionAnswer<'tls.handshakeTimeout'> | undefined
  /** Let clients resume a session instead of doing a full handshake. Value: true or false. */
  readonly 'tls.sessionTickets'?: OptionAnswer<'tls.sessionTickets'> | undefined
  /** Time for which a session may be resumed. Value: whole seconds up to 24h, such as 30s, 5m or 1h (a bare number is seconds). */
  readonly 'tls.sessionTimeout'?: OptionAnswer<'tls.sessionTimeout'> | undefined
  /** Reload when the content of a certificate, key, CA or passphrase file changes. Value: true or false. */
  readonly 'tls.watch'?: OptionAnswer<'tls.watch'> | undefined
  /** Versions of HTTP to serve over TLS, in order of preference. Value: h2, http/1.1 or both, with a comma between, each once. */
  readonly 'tls.protocols'?: OptionAnswer<'tls.protocols'> | undefined
  /** Tell browsers to use only HTTPS for this host, and for how long (Strict-Transport-Security). Value: a time such as 1h or 365d (a bare number is seconds; 0 makes browsers forget), with includeSubDomains behind it if wanted, and preload with at least a year and includeSubDomains. */
  readonly 'tls.hsts'?: OptionAnswer<'tls.hsts'> | undefined
  /** Redirect plain HTTP on this address to HTTPS. May be given several times. Value: HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME. */
  readonly 'tls.redirect'?: OptionAnswer<'tls.redirect'> | undefined
  /** HTTPS port to which --tls-redirect sends clients. Default: the port that is bound. Value: a whole number from 1 to 65535. */
  readonly 'tls.redirectPort'?: OptionAnswer<'tls.redirectPort'> | undefined
  /** Write the secrets of every TLS connection to this file, to read traffic while debugging. Value: the path of a file. */
  readonly 'tls.keylog'?: OptionAnswer<'tls.keylog'> | undefined
  /** Proxies whose word counts for the address, scheme and host of the client. Value: IP addresses, networks such as 10.0.0.0/8, and unix (for UNIX domain sockets), with commas between; or * alone, which trusts every client. */
  readonly 'proxy.trusted'?: OptionAnswer<'proxy.trusted'> | undefined
  /** Header in which trusted proxies name the client. Value: one of x-forwarded, forwarded. */
  readonly 'proxy.header'?: OptionAnswer<'proxy.header'> | undefined
  /** Demand the PROXY protocol, version 1 or 2, at the start of each connection. Value: one of off, require. */
  readonly 'proxy.protocol'?: OptionAnswer<'proxy.protocol'> | undefined
  /** Time the app may take to become ready. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'timeouts.boot'?: OptionAnswer<'timeouts.boot'> | undefined
  /** Replace a worker that blocks its event loop for this long. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'timeouts.hang'?: OptionAnswer<'timeouts.hang'> | undefined
  /** Time to wait for requests in flight when the server stops. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 does not wait). */
  readonly 'timeouts.graceful'?: OptionAnswer<'timeouts.graceful'> | undefined
  /** Keep serving for this long after a stop request, so that load balancers notice. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 does not wait). */
  readonly 'timeouts.drainDelay'?: OptionAnswer<'timeouts.drainDelay'> | undefined
  /** Time to keep an idle connection open for the next request. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 closes each connection after its answer). */
  readonly 'timeouts.keepAlive'?: OptionAnswer<'timeouts.keepAlive'> | undefined
  /** Time a client may take to send the headers of a request. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). */
  readonly 'timeouts.headers'?: OptionAnswer<'timeouts.headers'> | undefined
  /** Time a client may take to send a whole request. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). */
  readonly 'timeouts.request'?: OptionAnswer<'timeouts.request'> | undefined
  /** Time a client may pause while it reads a response. Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). */
  readonly 'timeouts.send'?: OptionAnswer<'timeouts.send'> | undefined
  /** Maximum number of connections per serving process. Value: a whole number from 1 to 1000000. */
  readonly 'limits.connections'?: OptionAnswer<'limits.connections'> | undefined
  /** Maximum number of requests that a serving process handles at a time. Value: a whole number from 1 to 1000000. */
  readonly 'limits.concurrency'?: OptionAnswer<'limits.concurrency'> | undefined
  /** Maximum size of the request line and the headers together. Value: a size from 1KiB to 1MiB, such as 16KiB. */
  readonly 'limits.headerBytes'?: OptionAnswer<'limits.headerBytes'> | undefined
  /** Maximum number of headers in a request. Value: a whole number from 1 to 10000. */
  readonly 'limits.headerCount'?: OptionAnswer<'limits.headerCount'> | undefined
  /** Readiness path: answers 200 while the server takes requests, and 503 once it stops. Value: a path of a URL such as /ready, without a query. */
  readonly 'health.ready'?: OptionAnswer<'health.ready'> | undefined
  /** Liveness path: answers 200 while the event loop runs. Value: a path of a URL such as /ready, without a query. */
  readonly 'health.live'?: OptionAnswer<'health.live'> | undefined
  /** Log messages of this level and above. Value: one of silent, error, warn, info, debug. */
  readonly 'log.level'?: OptionAnswer<'log.level'> | undefined
  /** Format of the log. Value: one of auto, pretty, json. */
  readonly 'log.format'?: OptionAnswer<'log.format'> | undefined
  /** Log each request to this file; - is standard output. Value: the path of a file, or - for standard output. */
  readonly 'accessLog.file'?: OptionAnswer<'accessLog.file'> | undefined
  /** Format of the access log. Value: one of combined, json. */
  readonly 'accessLog.format'?: OptionAnswer<'accessLog.format'> | undefined
}
