// Generated from the option table by `npm run docs`. Do not edit.
import type { ServerBackend } from '../backends/server-backend.ts'
import type { LaunchHooks } from '../hooks/launch-hooks.ts'
import type { HostCertificates } from './kinds/tls/sni-hosts.ts'

/**
 * What `launch()` and a configuration file take: each option under its name, nested at the dot. All are optional but the app, which
 * may come from another source.
 *
 * Durations are text with a unit (`'500ms'`, `'30s'`, `'2m'`) or a number of seconds. Sizes are text with a unit (`'16KiB'`, `'512M'`; both
 * count in powers of 1024) or a number of bytes. Relative paths start at the folder of the configuration file, or at the current one.
 */
export interface LockstepConfig {
  /**
   * The app to serve: a module or a folder. Add :EXPORT for an export other than the default.
   *
   * The first argument of the command line, or this option: `./server.js`, `./server.ts:createApp`. ESM, CommonJS and TypeScript need no build step. Of a folder, the file is served that `scripts.start` of its package.json starts (the script is read and not run), else that of `exports` or `main`, else its index file; `lockstep plan` says which and why. In the API it may also be the app itself. `cluster` refuses such an app, because a function can't be sent to another process.
   *
   * Value: the path or the file: URL of a module, or (in the API) an app. Flag: `--app`. Variable: `LOCKSTEP_APP`. Changes take effect at the next start.
   */
  readonly app?: string | URL | object | undefined
  /**
   * A program to start and to serve, with its arguments, instead of an app.
   *
   * On the command line, everything after `--` of `lockstep exec`: `lockstep exec -- python server.py --port {port}`. Any program in any language that speaks HTTP/1.1. It gets a private address: `{port}`, `{host}` and `{socket}` in its arguments are replaced, and the variables PORT and HOST are set. Lockstep serves the public addresses in front of it. It is started without a shell.
   *
   * Value: a list of words. Variable: `LOCKSTEP_COMMAND`. Changes take effect at the next start.
   */
  readonly command?: readonly string[] | undefined
  /**
   * Arguments for the app.
   *
   * On the command line, everything after `--`: `lockstep run app.js -- --env prod`. The app finds them in `process.argv`, as after `node app.js --env prod`, in every process that serves it. Arguments of the launcher are not in there. A program that calls `launch()` keeps its own `process.argv` under `single` when this option is unset.
   *
   * Value: a list of words. Variable: `LOCKSTEP_ARGS`. Changes take effect at the next start.
   */
  readonly args?: readonly string[] | undefined
  /**
   * Load this module before the app. May be given several times.
   *
   * For instrumentation that must see the modules of the app, such as OpenTelemetry or Sentry: `lockstep run app.js --import ./instrument.mjs`. A path begins with `./`, `../` or `/` and starts where the option is set. Anything else is a package, which is looked for where the app is. ES modules, CommonJS and TypeScript work. They are loaded in their order, once in every process that serves, also in each new worker, and after the change to `user`. `NODE_OPTIONS=--import` works too, but also loads them into the launcher.
   *
   * Value: a path that begins with ./, ../ or /, a file: URL, or the name of a package. Flag: `--import`. Variable: `LOCKSTEP_IMPORT`. Changes take effect at the next start.
   */
  readonly import?: string | URL | readonly (string | URL)[] | undefined
  /**
   * Let the app open this port itself, as for metrics. May be given several times.
   *
   * `PORT` at any address, or `HOST:PORT`. Without this option, the launch refuses another TCP server that the app opens. Lockstep neither secures nor drains connections to these ports. An HTTP server that listens there is never taken for the app. Under `cluster` the primary binds the port once, and each connection reaches one of the workers; Windows has no such sharing, so `cluster` refuses it there.
   *
   * Value: PORT, HOST:PORT or [IPv6]:PORT, with a port from 1 to 65535. Flag: `--app-port`. Variable: `LOCKSTEP_APP_PORTS`. Changes take effect at the next start.
   */
  readonly appPorts?: number | string | readonly (number | string)[] | undefined
  /**
   * How to call the app.
   *
   * `auto` recognises `(req, res)` functions, `{ fetch }`, Express, Koa, Fastify, Hono, an `http.Server` with a request listener, and a factory without parameters that returns any of these. Name the interface where a function could be several of them: `node` is `(req, res)`, `fetch` is `(request) => Response`, and `factory` is called once at the start.
   *
   * Value: one of auto, node, fetch, factory. Flag: `--interface`. Variable: `LOCKSTEP_INTERFACE`. Changes take effect at the next start.
   *
   * @default 'auto'
   */
  readonly interface?: 'auto' | 'node' | 'fetch' | 'factory' | undefined
  /** The options `static.…`. */
  readonly static?: {
    /**
     * Serve the files of this folder, instead of an app.
     *
     * The argument of `lockstep serve`: `lockstep serve ./public`. GET and HEAD, with ETag, conditional requests and byte ranges. `index.html` is served for a folder, and a file with `.br` or `.gz` added instead of the file itself where the client accepts it. Names that begin with a dot are never served, except below `/.well-known/`, and neither is what a symbolic link names outside the folder or under such a name. A file that this user may not read is answered with 403. A changed file is served at once: `Cache-Control: public, max-age=0` lets clients ask each time.
     *
     * Value: the path of a folder. Flag: `--static-directory`. Variable: `LOCKSTEP_STATIC_DIRECTORY`. Changes take effect at the next start.
     */
    readonly directory?: string | undefined
    /**
     * Serve /index.html for a page that is not in the folder, for an app with paths of its own.
     *
     * For single-page apps beside `static.directory`: `lockstep serve ./dist --single`. A path whose last part has a dot is a file, and is answered with 404 when it is missing.
     *
     * Value: true or false. Flag: `--single`. Variable: `LOCKSTEP_STATIC_SINGLE`. Changes take effect at the next start.
     *
     * @default false
     */
    readonly single?: boolean | undefined
  } | undefined
  /**
   * Listen on this address instead of host and port. May be given several times.
   *
   * `HOST:PORT`, `[IPv6]:PORT`, `:PORT` for every IPv4 interface, `unix:PATH`, on Windows `pipe:NAME` (or `\\.\pipe\NAME`), or `fd://NUMBER` for a socket that was open when the process started. Port 0 asks the system for a free port. Sockets from systemd (`LISTEN_FDS` with `LISTEN_PID`) are used without any option; `fd://NAME` selects one by its name in `LISTEN_FDNAMES`. If you name some of these sockets, name all of them. `bind` replaces `host` and `port` of a weaker source. In one source, or with `host` or `port` from a stronger one, the two are a conflict.
   *
   * Value: HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME. Flag: `--bind`. Variable: `LOCKSTEP_BIND`. Changes take effect at the next start.
   */
  readonly bind?: string | readonly string[] | undefined
  /**
   * Listen on this interface.
   *
   * `0.0.0.0` is every IPv4 interface, `::` is every interface. The default can be reached from this machine only.
   *
   * Value: the name or the IP address of an interface, without a port (`bind` takes both). Flag: `--host`. Variable: `LOCKSTEP_HOST`. Changes take effect at the next start.
   *
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined
  /**
   * Listen on this port; 0 asks the system for a free one.
   *
   * When the port is not set and the default is taken, Lockstep uses the next free port and says so. A port that you set is used, or the launch is refused.
   *
   * Value: a whole number from 0 to 65535. Flag: `--port`. Variable: `LOCKSTEP_PORT`. Changes take effect at the next start.
   *
   * @default 3000
   */
  readonly port?: number | undefined
  /**
   * Number of connections that may wait in the kernel to be accepted.
   *
   * Passed to listen(2). Linux caps it at `net.core.somaxconn`.
   *
   * Value: a whole number from 1 to 65535. Flag: `--backlog`. Variable: `LOCKSTEP_BACKLOG`. Changes take effect at the next start.
   *
   * @default 511
   */
  readonly backlog?: number | undefined
  /** The options `socket.…`. */
  readonly socket?: {
    /**
     * Permissions of each UNIX domain socket.
     *
     * On Linux, a client needs permission to write. The socket appears at its path only when mode and owner are set, so that no other client can connect before. Unset, the umask decides.
     *
     * Value: the permissions of a socket, such as 660, in octal digits as text. Flag: `--socket-mode`. Variable: `LOCKSTEP_SOCKET_MODE`. Changes take effect at the next start.
     */
    readonly mode?: string | undefined
    /**
     * Owner of each UNIX domain socket.
     *
     * Only root can change an owner. Unset, it is `user`, or else the user that starts the server.
     *
     * Value: the name or the number of a user of this system. Flag: `--socket-owner`. Variable: `LOCKSTEP_SOCKET_OWNER`. Changes take effect at the next start.
     */
    readonly owner?: string | number | undefined
    /**
     * Group of each UNIX domain socket.
     *
     * For a proxy that runs as another user: its group, with `socket.mode` 660. Without root: only your own groups. Unset, it is the group of `user`, or else of the user that starts the server.
     *
     * Value: the name or the number of a group of this system. Flag: `--socket-group`. Variable: `LOCKSTEP_SOCKET_GROUP`. Changes take effect at the next start.
     */
    readonly group?: string | number | undefined
  } | undefined
  /**
   * Supervise the server with this backend: single, cluster, or auto.
   *
   * `single` serves in this process. `cluster` has a primary that binds and supervises, and workers that serve. `auto` is `cluster` for more than one worker and for `workers = auto`, otherwise `single`. The path of a module selects the backend that it exports by default. The choice never changes what another option means.
   *
   * Value: auto, single, cluster, the path or the file: URL of a module, or (in the API) a ServerBackend. Flag: `--backend`. Variable: `LOCKSTEP_BACKEND`. Changes take effect at the next start.
   *
   * @default 'auto'
   */
  readonly backend?: string | URL | ServerBackend | undefined
  /**
   * Number of processes that serve; auto is one per CPU.
   *
   * `auto` counts the CPUs that this process may use: those of its affinity, or fewer when its control group limits their time, as in a container. WEB_CONCURRENCY has no effect on an app in memory, which one process serves, because platforms set it for every program. An app that keeps sessions in memory, such as Socket.IO with polling, needs `sticky` with more than one worker.
   *
   * Value: a whole number from 1 to 1024, or auto. Flag: `--workers`. Variable: `LOCKSTEP_WORKERS`. Changes take effect at the next start.
   *
   * @default 1
   */
  readonly workers?: number | 'auto' | undefined
  /**
   * How to spread connections over the workers: round-robin, shared, reuse-port, or auto.
   *
   * `round-robin`: the primary accepts and hands connections over. Each worker gets the same number, and short connections cost the most. `shared`: all workers accept from one socket. No connection waits for a busy worker while another is free, but one worker may get most of the connections that stay open. `reuse-port`: each worker has its own socket on the same port, and Linux spreads connections by their addresses. It costs the least, and a few connections may all meet one worker. The primary holds the sockets in every case: a waiting connection survives the end of its worker, and another worker accepts for one that blocks. `auto` is `reuse-port` on Linux and `round-robin` elsewhere. ARCHITECTURE.md has the figures.
   *
   * Value: one of auto, round-robin, shared, reuse-port. Flag: `--balance`. Variable: `LOCKSTEP_BALANCE`. Changes take effect at the next start.
   *
   * @default 'auto'
   */
  readonly balance?: 'auto' | 'round-robin' | 'shared' | 'reuse-port' | undefined
  /**
   * Send all requests of a client to the same worker: by a cookie, by its address, or none.
   *
   * For apps that keep sessions in memory, such as Socket.IO with HTTP long-polling. It works with every balance, over HTTP/1.1 and HTTP/2, and for WebSockets: the worker that accepts a request passes it on to the worker that it belongs to. `cookie` sets a session cookie. `address` needs no cookie, but all clients behind one address share a worker, and a client that changes its address changes its worker. Behind a proxy, set `proxy.trusted` for `address`. When a worker ends, its clients go to others. See `docs/sticky.md`.
   *
   * Value: one of none, cookie, address. Flag: `--sticky`. Variable: `LOCKSTEP_STICKY`. Changes take effect at the next start.
   *
   * @default 'none'
   */
  readonly sticky?: 'none' | 'cookie' | 'address' | undefined
  /**
   * Wait for process.send('ready') from the app before it counts as ready.
   *
   * For apps that continue to start after they are loaded. Each serving process waits for its own app, at most `timeouts.boot`. Same as `wait_ready` of PM2. See `docs/messages.md`.
   *
   * Value: true or false. Flag: `--wait-ready`. Variable: `LOCKSTEP_WAIT_READY`. Changes take effect at the next start.
   *
   * @default false
   */
  readonly waitReady?: boolean | undefined
  /**
   * Stop the app with the message 'shutdown' instead of a signal.
   *
   * For apps that end by `process.on('message')`, as on Windows under PM2, whose `shutdown_with_message` does the same. The message is sent when no request is left. The app then has until `timeouts.graceful` to call `process.exit()`. An app without listeners for messages gets the signal. See `docs/messages.md`.
   *
   * Value: true or false. Flag: `--shutdown-with-message`. Variable: `LOCKSTEP_SHUTDOWN_WITH_MESSAGE`. Changes take effect at the next start.
   *
   * @default false
   */
  readonly shutdownWithMessage?: boolean | undefined
  /**
   * Name of the server in the process list and in each log line.
   *
   * The primary shows as `NAME: primary`, a worker as `NAME: worker 1`. Unset, the process titles stay as they are. On Windows the process list has no titles; the name is in log lines and in `lockstep ps` there.
   *
   * Value: a name for the process list. Flag: `--name`. Variable: `LOCKSTEP_NAME`. Changes take effect at the next start.
   */
  readonly name?: string | undefined
  /**
   * Write the process id of the launcher to this file.
   *
   * Written before anything is bound, and removed at the end. The launch is refused when the file names a live process. A file that a dead process left is replaced.
   *
   * Value: the path of a file that Lockstep may write. Flag: `--pid-file`. Variable: `LOCKSTEP_PID_FILE`. Changes take effect at the next start.
   */
  readonly pidFile?: string | undefined
  /**
   * Probe each bound address as a client before announcing the server.
   *
   * A difference between what is served and what you asked for stops the launch. When this is off, the banner says that nothing was verified.
   *
   * Value: true or false. Flag: `--verify`. Variable: `LOCKSTEP_VERIFY`. Changes take effect at the next start.
   *
   * @default true
   */
  readonly verify?: boolean | undefined
  /**
   * Let `lockstep status`, `reload` and `stop` reach the server. On for `lockstep run`.
   *
   * By a socket that only this user can open, in `$XDG_RUNTIME_DIR/lockstep` or else in the user's data folder. On Windows it is a named pipe, and a file in the user's data folder (`%LOCALAPPDATA%\lockstep\Data\run`) names it. Unset, it is on for `lockstep run`, unless the socket can't be made, as on a read-only system, and off for `launch()`. If set and the socket can't be created, the start fails.
   *
   * Value: true or false. Flag: `--control`. Variable: `LOCKSTEP_CONTROL`. Changes take effect at the next start.
   */
  readonly control?: boolean | undefined
  /** The options `reload.…`. */
  readonly reload?: {
    /**
     * How a reload renews what serves: replace, or restart for programs that cannot run twice.
     *
     * `replace` starts the new process first, waits until it is ready, and then drains the old one. `restart` stops the old one before it starts the new one: for a program that locks a file or a database. Requests wait meanwhile.
     *
     * Value: one of replace, restart. Flag: `--reload`. Variable: `LOCKSTEP_RELOAD_MODE`. Changes take effect at the next start.
     *
     * @default 'replace'
     */
    readonly mode?: 'replace' | 'restart' | undefined
    /**
     * Extra workers that may run while a reload replaces workers.
     *
     * With as many as there are workers, all new workers are ready before the first old one drains: all or none. Old workers that drain do not count.
     *
     * Value: a whole number from 0 to 1024. Flag: `--max-surge`. Variable: `LOCKSTEP_RELOAD_MAX_SURGE`. Changes take effect at the next start.
     *
     * @default 1
     */
    readonly maxSurge?: number | undefined
    /**
     * Workers that may be missing while a reload replaces workers.
     *
     * This many old workers stop before their replacements are ready, which saves memory. If such a replacement fails, its place stays empty until another one starts.
     *
     * Value: a whole number from 0 to 1024. Flag: `--max-unavailable`. Variable: `LOCKSTEP_RELOAD_MAX_UNAVAILABLE`. Changes take effect at the next start.
     *
     * @default 0
     */
    readonly maxUnavailable?: number | undefined
  } | undefined
  /** The options `recycle.…`. */
  readonly recycle?: {
    /**
     * Replace a worker after this many requests.
     *
     * The replacement is ready before the worker drains, no request is lost, and the workers are never all replaced at once. `single` refuses this option, because no other process could replace it.
     *
     * Value: a whole number from 1 to 1000000000. Flag: `--max-requests`. Variable: `LOCKSTEP_RECYCLE_MAX_REQUESTS`. Changes take effect at the next start.
     */
    readonly maxRequests?: number | undefined
    /**
     * Random extra requests per worker (0 to N), so that workers don't recycle together.
     *
     * Unset, a tenth of the limit.
     *
     * Value: a whole number from 0 to 1000000000. Flag: `--max-requests-jitter`. Variable: `LOCKSTEP_RECYCLE_MAX_REQUESTS_JITTER`. Changes take effect at the next start.
     */
    readonly maxRequestsJitter?: number | undefined
    /**
     * Replace a worker after this time.
     *
     * The replacement is ready before the worker drains, no request is lost, and the workers are never all replaced at once. `single` refuses this option, because no other process could replace it.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--max-lifetime`. Variable: `LOCKSTEP_RECYCLE_LIFETIME`. Changes take effect at the next start.
     */
    readonly lifetime?: number | string | undefined
    /**
     * Random extra lifetime per worker (0 to N), so that workers don't recycle together.
     *
     * Unset, a tenth of the lifetime.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 adds none). Flag: `--max-lifetime-jitter`. Variable: `LOCKSTEP_RECYCLE_LIFETIME_JITTER`. Changes take effect at the next start.
     */
    readonly lifetimeJitter?: number | string | undefined
    /**
     * Replace a worker when its resident memory exceeds this size.
     *
     * Looked at with each heartbeat, every five seconds at most; three samples in a row must be above it. The replacement is ready before the worker drains, no request is lost, and the workers are never all replaced at once. `single` refuses this option, because no other process could replace it.
     *
     * Value: a size from 16MiB to 1024GiB, such as 512MiB. Flag: `--max-memory`. Variable: `LOCKSTEP_RECYCLE_MEMORY`. Changes take effect at the next start.
     */
    readonly memory?: number | string | undefined
    /**
     * Replace a worker when its V8 heap exceeds this size.
     *
     * As `recycle.memory`, for the memory that JavaScript itself uses.
     *
     * Value: a size from 1MiB to 1024GiB, such as 256MiB. Flag: `--max-heap`. Variable: `LOCKSTEP_RECYCLE_HEAP`. Changes take effect at the next start.
     */
    readonly heap?: number | string | undefined
  } | undefined
  /** The options `upstream.…`. */
  readonly upstream?: {
    /**
     * Set this environment variable for the program. May be given several times.
     *
     * For a program that reads its port from a variable of its own: `--set-env N8N_PORT={port}`. `{port}`, `{host}` and `{socket}` are replaced as in the arguments of the program. The variable takes the place of one that Lockstep has inherited or sets itself, such as `PORT`. Other users of the machine can see the command line, so write secrets into the configuration file or into the variable.
     *
     * Value: NAME=VALUE, with each name once. Flag: `--set-env`. Variable: `LOCKSTEP_UPSTREAM_SET_ENV`. Changes take effect at the next start.
     */
    readonly setEnv?: string | readonly string[] | undefined
    /**
     * Wait until the program answers this path with 2xx or 3xx.
     *
     * Unset, the program counts as ready once it accepts a connection, or once it has written `upstream.readyOutput`. At most `timeouts.boot`.
     *
     * Value: a path of a URL such as /ready, without a query. Flag: `--upstream-ready-path`. Variable: `LOCKSTEP_UPSTREAM_READY_PATH`. Changes take effect at the next start.
     */
    readonly readyPath?: string | undefined
    /**
     * Wait until a line of the program's output contains this text.
     *
     * Standard output and standard error both count. The program must accept connections then. Together with `upstream.readyPath`, both must hold.
     *
     * Value: a text that a line of the output contains. Flag: `--upstream-ready-output`. Variable: `LOCKSTEP_UPSTREAM_READY_OUTPUT`. Changes take effect at the next start.
     */
    readonly readyOutput?: string | undefined
    /**
     * Signal that asks the program to end.
     *
     * After `timeouts.graceful` its whole process tree is killed. On Windows the program gets Ctrl-C instead, in a console of its own, and a signal can't be chosen.
     *
     * Value: one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH. Flag: `--stop-signal`. Variable: `LOCKSTEP_UPSTREAM_STOP_SIGNAL`. Changes take effect at the next start.
     *
     * @default 'SIGTERM'
     */
    readonly stopSignal?: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGWINCH' | undefined
    /**
     * Time for a connection to the program.
     *
     * After that the client gets 504.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--connect-timeout`. Variable: `LOCKSTEP_UPSTREAM_CONNECT_TIMEOUT`. Changes take effect at the next start.
     *
     * @default '5s'
     */
    readonly connectTimeout?: number | string | undefined
    /**
     * Time the program may take to begin its response.
     *
     * It counts from the end of the request. After that the client gets 504. A response that has begun has no limit, so event streams and long downloads continue.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). Flag: `--response-timeout`. Variable: `LOCKSTEP_UPSTREAM_RESPONSE_TIMEOUT`. Changes take effect at the next start.
     *
     * @default '5m'
     */
    readonly responseTimeout?: number | string | undefined
  } | undefined
  /**
   * Run the app as this user, when root starts the server.
   *
   * Root binds the addresses and reads the keys. Then the process switches to this user, with its groups, `HOME`, `USER` and `LOGNAME`, and loads the app. Lockstep checks that it cannot become root again. Under `cluster` the workers switch and the primary stays root, so a reload can read a key that only root can read. Under `single` the one process switches for good. A reload then fails if it needs a file that only root can read, and the old certificate stays in use. A PID file or a socket in a folder of root is left, and the next start replaces it. Where only root can create a file that the server writes, root creates it for this user. This user must not be able to change files that root obeys: see docs/security.md. Without root: only your own user.
   *
   * Value: the name or the number of a user of this system. Flag: `--user`. Variable: `LOCKSTEP_USER`. Changes take effect at the next start.
   */
  readonly user?: string | number | undefined
  /**
   * Run the app as this group. Default: the main group of --user.
   *
   * The other groups of the user are set too.
   *
   * Value: the name or the number of a group of this system. Flag: `--group`. Variable: `LOCKSTEP_GROUP`. Changes take effect at the next start.
   */
  readonly group?: string | number | undefined
  /**
   * Permissions to remove from every new file, such as logs and sockets.
   *
   * Set before anything is written, and inherited by the workers. `launch()` sets it for its whole process and restores the old one when the server has stopped. It is refused while another server in the process needs another umask, and in a worker thread, which can't change it.
   *
   * Value: the permissions that new files do not get, such as 027, in octal digits as text. Flag: `--umask`. Variable: `LOCKSTEP_UMASK`. Changes take effect at the next start.
   */
  readonly umask?: string | undefined
  /**
   * Run the app in this folder.
   *
   * Relative paths of flags, of variables and of `launch()`, that of the app among them, start there. Those in a configuration file or in `.env` start at that file, and these two are looked for where the command was started. `launch()` changes the folder of its whole process, and goes back when the server has stopped. It is refused while another server of the process needs another folder, and in a worker thread, which cannot change it.
   *
   * Value: the path of a folder. Flag: `--chdir`. Variable: `LOCKSTEP_CHDIR`. Changes take effect at the next start.
   */
  readonly chdir?: string | undefined
  /** The options `tls.…`. */
  readonly tls?: {
    /**
     * Certificate chain, leaf first, as PEM. Switches TLS on.
     *
     * A path, PEM text, or (in the API) bytes. The leaf comes first, and each certificate is followed by the one that issued it (RFC 8446 section 4.4.2). Needs `tls.key`. For several chains, one for each type of key (RSA and ECDSA), give a list: repeat the flag, or separate paths by commas. Each client gets the chain that it can verify.
     *
     * Value: the path of a certificate chain, or its PEM text, or a list of them. Flag: `--tls-cert`. Variable: `LOCKSTEP_TLS_CERT`. Changes take effect at a reload.
     */
    readonly cert?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
    /**
     * Private key of the certificate, as PEM.
     *
     * A path, PEM text, or (in the API) bytes. PEM text is refused on the command line, where every user of the machine could see it. A variable that contains it is deleted before the app is loaded. For several certificates, give a list in any order: each key finds its certificate. Keep its file at mode 0600; see `tls.keyPermissions`.
     *
     * Value: the path of a private key, or its PEM text, or a list of them. Flag: `--tls-key`. Variable: `LOCKSTEP_TLS_KEY`. Changes take effect at a reload.
     */
    readonly key?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
    /**
     * PKCS#12 file (.pfx, .p12) with the chain and its key, instead of --tls-cert and --tls-key.
     *
     * Opened with the passphrase, if it has one. All keys and certificates in it are used, or the file is refused. A file that is encrypted with RC2 or RC4, as `openssl pkcs12 -legacy` writes it, is refused: OpenSSL 3 has retired these.
     *
     * Value: the path of a PKCS#12 file, or (in the API) its bytes. Flag: `--tls-pfx`. Variable: `LOCKSTEP_TLS_PFX`. Changes take effect at a reload.
     */
    readonly pfx?: string | Uint8Array | undefined
    /**
     * Passphrase of an encrypted private key. Never a flag.
     *
     * From `LOCKSTEP_TLS_PASSPHRASE`, an environment file or the API. In the API it may also be a function that returns it, or a promise of it; it is called once at the start and once at each reload. One passphrase opens all keys. It is refused on the command line, which every user of the machine can see. Workers do not inherit the variable.
     *
     * Value: the passphrase of the private key, or (in the API) a function that returns it. Variable: `LOCKSTEP_TLS_PASSPHRASE`. Changes take effect at a reload.
     */
    readonly passphrase?: string | (() => string | Promise<string>) | undefined
    /**
     * File that contains the passphrase of the private key.
     *
     * One line break at the end is left out.
     *
     * Value: the path of a file that holds the passphrase. Flag: `--tls-passphrase-file`. Variable: `LOCKSTEP_TLS_PASSPHRASE_FILE`. Changes take effect at a reload.
     */
    readonly passphraseFile?: string | undefined
    /**
     * Command that prints the passphrase of the private key.
     *
     * The shell runs it once before anything is bound, for at most ten seconds. A program in the current folder needs its path, on Windows `.\` before its name. One line break at the end of its output is left out. Lockstep never shows the command, because it may contain a secret. But every user of the machine can see it while it runs, so let it read the passphrase from a protected place.
     *
     * Value: a command that prints the passphrase. Flag: `--tls-passphrase-command`. Variable: `LOCKSTEP_TLS_PASSPHRASE_COMMAND`. Changes take effect at a reload.
     */
    readonly passphraseCommand?: string | undefined
    /**
     * What to do when other users can read the private key: refuse the start, or warn.
     *
     * PostgreSQL's rule, for each file that a private key or a passphrase comes from, `.env` and the configuration file among them: owned by this user and 0600 or stricter, or owned by root and 0640 or stricter. Folders and symbolic links on the way have the same owners and are closed to others; docs/security.md has the rule. `warn` only says so, for volumes that come with modes of their own. On Windows, where files have no mode bits, nothing is checked, and the option is refused.
     *
     * Value: one of enforce, warn. Flag: `--tls-key-permissions`. Variable: `LOCKSTEP_TLS_KEY_PERMISSIONS`. Changes take effect at a reload.
     *
     * @default 'enforce'
     */
    readonly keyPermissions?: 'enforce' | 'warn' | undefined
    /**
     * Warn this many days before a certificate expires.
     *
     * `auto` is the last fifth of its lifetime, at most 14 days. Programs that renew do so in the last third, so by then something has gone wrong. The warning comes at the start, at each reload, and once a day; `lockstep status` shows it too. 0 warns only of a certificate that has expired. An expired certificate stops the start; one that expires later stays in use.
     *
     * Value: a whole number from 0 to 365, or auto. Flag: `--tls-expiry-warning-days`. Variable: `LOCKSTEP_TLS_EXPIRY_WARNING_DAYS`. Changes take effect at a reload.
     *
     * @default 'auto'
     */
    readonly expiryWarningDays?: number | 'auto' | undefined
    /**
     * CA certificates that may issue client certificates, as PEM.
     *
     * Only for client certificates: needs `tls.clientAuth`. Several add up. The public roots are never a fallback.
     *
     * Value: the path of the CA certificates that client certificates must chain to, or its PEM text, or a list of them. Flag: `--tls-ca`. Variable: `LOCKSTEP_TLS_CA`. Changes take effect at a reload.
     */
    readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
    /**
     * Whether clients must show a certificate.
     *
     * `request` asks for a certificate and serves every client. The app calls `clientCertificate(request)` of this package, which returns `null` for a client without a good certificate. `require` ends the handshake of a client without a good certificate.
     *
     * Value: one of none, request, require. Flag: `--tls-client-auth`. Variable: `LOCKSTEP_TLS_CLIENT_AUTH`. Changes take effect at a reload.
     *
     * @default 'none'
     */
    readonly clientAuth?: 'none' | 'request' | 'require' | undefined
    /**
     * Lowest TLS version to serve. TLS 1.0 and 1.1 are not supported.
     *
     * Unset, that of `tls.profile`. RFC 8996 forbids TLS 1.0 and 1.1.
     *
     * Value: one of TLSv1.2, TLSv1.3. Flag: `--tls-min-version`. Variable: `LOCKSTEP_TLS_MIN_VERSION`. Changes take effect at a reload.
     */
    readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
    /**
     * Highest TLS version to serve.
     *
     * Only for clients that fail on TLS 1.3.
     *
     * Value: one of TLSv1.2, TLSv1.3. Flag: `--tls-max-version`. Variable: `LOCKSTEP_TLS_MAX_VERSION`. Changes take effect at a reload.
     *
     * @default 'TLSv1.3'
     */
    readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
    /**
     * Ciphers of TLS 1.2, in order of preference.
     *
     * OpenSSL's names, separated by colons. Unset, it is the list of `tls.profile`. A name that OpenSSL does not know is an error. It is not skipped.
     *
     * Value: OpenSSL names of TLS 1.2 ciphers, separated by colons. Flag: `--tls-ciphers`. Variable: `LOCKSTEP_TLS_CIPHERS`. Changes take effect at a reload.
     */
    readonly ciphers?: string | undefined
    /**
     * Cipher suites of TLS 1.3, in order of preference.
     *
     * Such as `TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256`. Unset, it is the three of RFC 8446 that every client has.
     *
     * Value: names of TLS 1.3 cipher suites, separated by colons. Flag: `--tls-ciphersuites`. Variable: `LOCKSTEP_TLS_CIPHERSUITES`. Changes take effect at a reload.
     */
    readonly ciphersuites?: string | undefined
    /**
     * Make a certificate on first use, for development.
     *
     * Issued by a local CA in the data folder of the user; `lockstep cert trust` makes this machine trust it. Valid for 90 days, for localhost, the loopback addresses and the bound hosts. It is kept, and replaced when a third of that time is left, also while the server runs. With a bound host that may be public, the certificate signs itself, because the local CA may not name such hosts. See docs/certificates.md.
     *
     * Value: true or false. Flag: `--tls-self-signed`. Variable: `LOCKSTEP_TLS_SELF_SIGNED`. Changes take effect at a reload.
     *
     * @default false
     */
    readonly selfSigned?: boolean | undefined
    /**
     * Certificates for further hosts, selected by the name that a client asks for (SNI).
     *
     * In the API and in a configuration file an object: `{ 'shop.example.com': { cert, key }, '*.example.org': { pfx, passphraseFile } }`, each with `cert` and `key` or `pfx` and, where it differs from that of the default host, a `passphrase`, `passphraseFile` or `passphraseCommand`. As text `HOST=CERT,KEY` or `HOST=PFX`; repeat the flag, or separate them by semicolons. A wildcard stands for one label. Upper case and IDNA make no difference. Several chains of one host add up. Only certificates differ by host. Versions, ciphers and client authentication are the same for all hosts, because Node would ignore them here, and a resumed session would bypass them.
     *
     * Value: HOST=CERT,KEY or HOST=PFX, or (in the API and a configuration file) an object of certificates by host. Flag: `--tls-sni`. Variable: `LOCKSTEP_TLS_SNI`. Changes take effect at a reload.
     */
    readonly sni?: HostCertificates | readonly (string | HostCertificates)[] | undefined
    /**
     * What to do with a client that asks for a host for which there is no certificate.
     *
     * `default` shows the certificate of `tls.cert`; `reject` ends the handshake. Known hosts are those of `tls.sni` and the names in the certificate of `tls.cert`. A client that names no host, as for an IP address, always gets the default certificate.
     *
     * Value: one of default, reject. Flag: `--tls-unknown-host`. Variable: `LOCKSTEP_TLS_UNKNOWN_HOST`. Changes take effect at a reload.
     *
     * @default 'default'
     */
    readonly unknownHost?: 'default' | 'reject' | undefined
    /**
     * Revocation lists for client certificates.
     *
     * Lists as PEM or DER (RFC 5280 section 5), one for each certificate of `tls.ca`: OpenSSL refuses every client whose CA has no list, so a missing one is an error, and so is one that has expired or that no configured CA has signed. Where clients send an intermediate, it needs a list too, and its certificate belongs into `tls.ca`, so that the signature of its list can be checked at the start; that makes it no root. Needs `tls.clientAuth`. When a reload changes this, `tls.ca` or `tls.clientAuth`, earlier connections drain within `timeouts.graceful`.
     *
     * Value: the path of a certificate revocation list, or its PEM text, or a list of them. Flag: `--tls-crl`. Variable: `LOCKSTEP_TLS_CRL`. Changes take effect at a reload.
     */
    readonly crl?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
    /**
     * Preset for TLS versions, ciphers and groups; explicit settings override it.
     *
     * Mozilla's three configurations. `modern` serves only TLS 1.3. `intermediate` adds TLS 1.2, always with forward secrecy. `old` adds ciphers for clients that are ten years old and more, some of them without forward secrecy, and the launch warns of it. No profile serves TLS 1.0 or 1.1: RFC 8996 forbids them, and OpenSSL 3 would have to lower its security level for every client. The server's order of preference is used.
     *
     * Value: one of modern, intermediate, old. Flag: `--tls-profile`. Variable: `LOCKSTEP_TLS_PROFILE`. Changes take effect at a reload.
     *
     * @default 'intermediate'
     */
    readonly profile?: 'modern' | 'intermediate' | 'old' | undefined
    /**
     * Groups for the key exchange, in order of preference.
     *
     * OpenSSL's names, such as `X25519MLKEM768:X25519:P-256:P-384`, which is the list of each profile. The first one is hybrid and resists quantum computers; it is left out where OpenSSL lacks it (Node before 22.20). A name that OpenSSL does not know is an error.
     *
     * Value: names of key exchange groups, separated by colons. Flag: `--tls-groups`. Variable: `LOCKSTEP_TLS_GROUPS`. Changes take effect at a reload.
     */
    readonly groups?: string | undefined
    /**
     * Signature algorithms to use and accept, in order of preference.
     *
     * OpenSSL's names or those of RFC 8446, such as `ECDSA+SHA256:RSA-PSS+SHA256`. The list applies to the server's own signature and to that of a client certificate. Unset, it is OpenSSL's list. A name that OpenSSL does not know is an error, and so is a list by which a configured key can't sign.
     *
     * Value: names of signature algorithms, separated by colons. Flag: `--tls-sigalgs`. Variable: `LOCKSTEP_TLS_SIGALGS`. Changes take effect at a reload.
     */
    readonly sigalgs?: string | undefined
    /**
     * Parameters of finite-field Diffie-Hellman, for old clients of TLS 1.2.
     *
     * `auto` uses a well-known group of OpenSSL that fits the size of the key. Otherwise a path or PEM text with 2048 bits or more. Unset, ciphers whose names begin with DHE are not offered; set, the profile includes them. They need a certificate with an RSA key.
     *
     * Value: auto, the path of Diffie-Hellman parameters, or their PEM text. Flag: `--tls-dhparam`. Variable: `LOCKSTEP_TLS_DHPARAM`. Changes take effect at a reload.
     */
    readonly dhparam?: string | Uint8Array | undefined
    /**
     * Time a TLS handshake may take, from the first byte of the connection.
     *
     * After that, the connection is closed. Node's own default is two minutes, which makes slow handshakes a cheap attack.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--tls-handshake-timeout`. Variable: `LOCKSTEP_TLS_HANDSHAKE_TIMEOUT`. Changes take effect at a reload.
     *
     * @default '10s'
     */
    readonly handshakeTimeout?: number | string | undefined
    /**
     * Let clients resume a session instead of doing a full handshake.
     *
     * By tickets, which every worker accepts. Without them each connection is a full handshake, in which the client shows its certificate again: there is no other kind of resumption.
     *
     * Value: true or false. Flag: `--tls-session-tickets`. Variable: `LOCKSTEP_TLS_SESSION_TICKETS`. Changes take effect at a reload.
     *
     * @default true
     */
    readonly sessionTickets?: boolean | undefined
    /**
     * Time for which a session may be resumed.
     *
     * A resumed session keeps the verdict on the client certificate of its first handshake, so a revoked client may come back for this long. At most 24 hours; RFC 8446 allows seven days.
     *
     * Value: whole seconds up to 24h, such as 30s, 5m or 1h (a bare number is seconds). Flag: `--tls-session-timeout`. Variable: `LOCKSTEP_TLS_SESSION_TIMEOUT`. Changes take effect at a reload.
     *
     * @default '5m'
     */
    readonly sessionTimeout?: number | string | undefined
    /**
     * Reload when the content of a certificate, key, CA or passphrase file changes.
     *
     * It sees files that are replaced, and symbolic links that point elsewhere, as with Certbot and with secrets that Kubernetes mounts. Touching a file has no effect. A pair of which only one half is new is refused, and tried again at the next change. Where the system reports no changes (network filesystems), the files are read every ten seconds.
     *
     * Value: true or false. Flag: `--tls-watch`. Variable: `LOCKSTEP_TLS_WATCH`. Changes take effect at a reload.
     *
     * @default true
     */
    readonly watch?: boolean | undefined
    /**
     * Versions of HTTP to serve over TLS, in order of preference.
     *
     * Negotiated by ALPN (RFC 7301). A client that offers only other protocols is refused. A client that offers none gets HTTP/1.1, or 505 when only `h2` is served. The same apps are served over both. WebSockets need `http/1.1`. `h2c` and `h3` are refused.
     *
     * Value: h2, http/1.1 or both, with a comma between, each once. Flag: `--tls-protocols`. Variable: `LOCKSTEP_TLS_PROTOCOLS`. Changes take effect at the next start.
     *
     * @default 'http/1.1'
     */
    readonly protocols?: string | readonly string[] | undefined
    /**
     * Tell browsers to use only HTTPS for this host, and for how long (Strict-Transport-Security).
     *
     * Such as `365d includeSubDomains` (RFC 6797). Sent with every response of the app over TLS, never over plain HTTP. Behind a proxy of `proxy.trusted` that ends TLS, it needs no certificate. If the app sets the header itself, its value wins. Start with a short time, because browsers remember it.
     *
     * Value: a time such as 1h or 365d (a bare number is seconds; 0 makes browsers forget), with includeSubDomains behind it if wanted, and preload with at least a year and includeSubDomains. Flag: `--tls-hsts`. Variable: `LOCKSTEP_TLS_HSTS`. Changes take effect at the next start.
     */
    readonly hsts?: number | string | undefined
    /**
     * Redirect plain HTTP on this address to HTTPS. May be given several times.
     *
     * In the forms of `bind`, such as `:80`. Each request is answered with 308 and the same host and path under `https://`, on the first TCP port that is bound or on `tls.redirectPort`. A host for which there is no certificate gets 421, and a request without a proper `Host` gets 400. The app sees none of these requests.
     *
     * Value: HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME. Flag: `--tls-redirect`. Variable: `LOCKSTEP_TLS_REDIRECT`. Changes take effect at the next start.
     */
    readonly redirect?: string | readonly string[] | undefined
    /**
     * HTTPS port to which --tls-redirect sends clients. Default: the port that is bound.
     *
     * For a port that is mapped, as by a container: bound to 8443 and published as 443, it is 443, and the address then leaves it out. Unset, it is the first TCP port that is bound. Where only UNIX domain sockets are bound, a redirect needs this option. Needs `tls.redirect`.
     *
     * Value: a whole number from 1 to 65535. Flag: `--tls-redirect-port`. Variable: `LOCKSTEP_TLS_REDIRECT_PORT`. Changes take effect at the next start.
     */
    readonly redirectPort?: number | undefined
    /**
     * Write the secrets of every TLS connection to this file, to read traffic while debugging.
     *
     * In the format that Wireshark reads (NSS). With this file, anyone can read these connections, and under TLS 1.2 also forge them. So this option is accepted only as a flag or in the API, where it is seen, and each start warns of it. The file gets mode 0600, on Windows the permissions of its folder.
     *
     * Value: the path of a file. Flag: `--tls-keylog`. Variable: `LOCKSTEP_TLS_KEYLOG`. Changes take effect at the next start.
     */
    readonly keylog?: string | undefined
  } | undefined
  /** The options `proxy.…`. */
  readonly proxy?: {
    /**
     * Proxies whose word counts for the address, scheme and host of the client.
     *
     * Their header (`proxy.header`) is read from the right, and the first address that is not one of these proxies is the client. The access log, redirects, HSTS, `clientFacts()` and the `Request.url` of a Fetch app use what it says. The app gets each `X-Forwarded-…` field with that one value. From all other clients, Lockstep removes `X-Forwarded-…`, `Forwarded`, `X-Real-IP` and `Client-Cert…`, also with `_` in their names. Unset, no proxy is trusted: Lockstep uses the connection itself, and passes these fields to a Node app as they come, for frameworks with a setting of their own.
     *
     * Value: IP addresses, networks such as 10.0.0.0/8, and unix (for UNIX domain sockets), with commas between; or * alone, which trusts every client. Flag: `--forwarded-allow-ips`. Variable: `LOCKSTEP_PROXY_TRUSTED`. Changes take effect at the next start.
     */
    readonly trusted?: string | readonly string[] | undefined
    /**
     * Header in which trusted proxies name the client.
     *
     * `x-forwarded` is `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`, and `forwarded` is `Forwarded` (RFC 7239). The other one never counts, and does not reach the app as the proxy has sent it: a proxy that sets only one of them may pass on the other one from a client. Needs `proxy.trusted`.
     *
     * Value: one of x-forwarded, forwarded. Flag: `--forwarded-header`. Variable: `LOCKSTEP_PROXY_HEADER`. Changes take effect at the next start.
     *
     * @default 'x-forwarded'
     */
    readonly header?: 'x-forwarded' | 'forwarded' | undefined
    /**
     * Demand the PROXY protocol, version 1 or 2, at the start of each connection.
     *
     * A load balancer that passes TCP on sends it before the first byte of the client, TLS included. It names the client for the access log, events, `clientFacts()` and the socket that the app sees. With `require`, a connection without it is closed, on every address and on those of `tls.redirect`. So is one from another sender than those of `proxy.trusted`; a program on this machine may send a header that names no client (LOCAL), as health checks do. The time for the header is that of `tls.handshakeTimeout`. Needs `proxy.trusted`.
     *
     * Value: one of off, require. Flag: `--proxy-protocol`. Variable: `LOCKSTEP_PROXY_PROTOCOL`. Changes take effect at the next start.
     *
     * @default 'off'
     */
    readonly protocol?: 'off' | 'require' | undefined
  } | undefined
  /** The options `timeouts.…`. */
  readonly timeouts?: {
    /**
     * Time the app may take to become ready.
     *
     * From the start of a process until it can serve. At the first start, a line in the log says after 5 s what is awaited, and the launch fails at the end of this time; later the worker is replaced. Under `single`, an app that blocks the event loop forever while it loads can't be interrupted by this limit; only SIGKILL ends it.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--boot-timeout`. Variable: `LOCKSTEP_TIMEOUTS_BOOT`. Changes take effect at the next start.
     *
     * @default '60s'
     */
    readonly boot?: number | string | undefined
    /**
     * Replace a worker that blocks its event loop for this long.
     *
     * Heartbeats come from the event loop of the worker, so a worker that is busy but still responds is left alone. `single` refuses this option, because no other process watches it.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--hang-timeout`. Variable: `LOCKSTEP_TIMEOUTS_HANG`. Changes take effect at the next start.
     *
     * @default '30s'
     */
    readonly hang?: number | string | undefined
    /**
     * Time to wait for requests in flight when the server stops.
     *
     * After that, open connections are cut and what still runs is killed. Event streams and WebSockets have no end of their own; they are closed properly 300 ms after the time begins.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 does not wait). Flag: `--graceful-timeout`. Variable: `LOCKSTEP_TIMEOUTS_GRACEFUL`. Changes take effect at the next start.
     *
     * @default '30s'
     */
    readonly graceful?: number | string | undefined
    /**
     * Keep serving for this long after a stop request, so that load balancers notice.
     *
     * Only `health.ready` changes, to 503. For load balancers that learn late that the server stops: the endpoints of Kubernetes, or a balancer between two probes. `timeouts.graceful` begins after it. A second stop skips the rest of it.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 does not wait). Flag: `--drain-delay`. Variable: `LOCKSTEP_TIMEOUTS_DRAIN_DELAY`. Changes take effect at the next start.
     *
     * @default 0
     */
    readonly drainDelay?: number | string | undefined
    /**
     * Time to keep an idle connection open for the next request.
     *
     * Behind a load balancer, make it longer than the balancer's own idle timeout.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 closes each connection after its answer). Flag: `--keep-alive`. Variable: `LOCKSTEP_TIMEOUTS_KEEP_ALIVE`. Changes take effect at the next start.
     *
     * @default '5s'
     */
    readonly keepAlive?: number | string | undefined
    /**
     * Time a client may take to send the headers of a request.
     *
     * After that the client gets 408 and the connection is closed. This limits slow headers (Slowloris).
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds). Flag: `--headers-timeout`. Variable: `LOCKSTEP_TIMEOUTS_HEADERS`. Changes take effect at the next start.
     *
     * @default '30s'
     */
    readonly headers?: number | string | undefined
    /**
     * Time a client may take to send a whole request.
     *
     * Headers and body together. After that the client gets 408 and the connection is closed. The time that the app takes to answer does not count.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). Flag: `--request-timeout`. Variable: `LOCKSTEP_TIMEOUTS_REQUEST`. Changes take effect at the next start.
     *
     * @default '5m'
     */
    readonly request?: number | string | undefined
    /**
     * Time a client may pause while it reads a response.
     *
     * An answer that a client does not read stays in memory. After this time the connection is closed; over HTTP/2, the stream is reset. Each byte that the client takes restarts the time; over HTTP/2, each 16 KiB does, or a smaller write. The time does not run while the app writes nothing, so quiet event streams and WebSockets stay open.
     *
     * Value: a duration up to 24h such as 500ms, 30s or 2m (a bare number up to 3600 is seconds; 0 means no limit). Flag: `--send-timeout`. Variable: `LOCKSTEP_TIMEOUTS_SEND`. Changes take effect at the next start.
     *
     * @default '60s'
     */
    readonly send?: number | string | undefined
  } | undefined
  /** The options `limits.…`. */
  readonly limits?: {
    /**
     * Maximum number of connections per serving process.
     *
     * A further connection is closed at once. Unset, only the system limits it.
     *
     * Value: a whole number from 1 to 1000000. Flag: `--limit-connections`. Variable: `LOCKSTEP_LIMITS_CONNECTIONS`. Changes take effect at the next start.
     */
    readonly connections?: number | undefined
    /**
     * Maximum number of requests that a serving process handles at a time.
     *
     * A further request gets 503 with `Retry-After: 1` and does not reach the app. Unset, there is no limit.
     *
     * Value: a whole number from 1 to 1000000. Flag: `--limit-concurrency`. Variable: `LOCKSTEP_LIMITS_CONCURRENCY`. Changes take effect at the next start.
     */
    readonly concurrency?: number | undefined
    /**
     * Maximum size of the request line and the headers together.
     *
     * Larger ones get 431.
     *
     * Value: a size from 1KiB to 1MiB, such as 16KiB. Flag: `--limit-header-bytes`. Variable: `LOCKSTEP_LIMITS_HEADER_BYTES`. Changes take effect at the next start.
     *
     * @default '16KiB'
     */
    readonly headerBytes?: number | string | undefined
    /**
     * Maximum number of headers in a request.
     *
     * More get 431. None is dropped in silence, as Node does by default. Over HTTP/2, more than twice as many end the request without an answer.
     *
     * Value: a whole number from 1 to 10000. Flag: `--limit-header-count`. Variable: `LOCKSTEP_LIMITS_HEADER_COUNT`. Changes take effect at the next start.
     *
     * @default 100
     */
    readonly headerCount?: number | undefined
  } | undefined
  /** The options `health.…`. */
  readonly health?: {
    /**
     * Readiness path: answers 200 while the server takes requests, and 503 once it stops.
     *
     * The server itself answers GET and HEAD there, before the app and before `limits.concurrency`, over every protocol that is served. The app never sees these requests. The answer is about the whole server: a worker that is replaced while others serve answers 200 until it ends. When a stop begins, the answer is 503 with `Retry-After`. Caches may not store it. The access log contains it like any request. `limits.connections` and `tls.clientAuth` apply here too.
     *
     * Value: a path of a URL such as /ready, without a query. Flag: `--ready-path`. Variable: `LOCKSTEP_HEALTH_READY`. Changes take effect at the next start.
     */
    readonly ready?: string | undefined
    /**
     * Liveness path: answers 200 while the event loop runs.
     *
     * Like `health.ready`, but it stays 200 while the server stops, so that no supervisor restarts a server that is ending. A process that does not answer is blocking its event loop.
     *
     * Value: a path of a URL such as /ready, without a query. Flag: `--live-path`. Variable: `LOCKSTEP_HEALTH_LIVE`. Changes take effect at the next start.
     */
    readonly live?: string | undefined
  } | undefined
  /** The options `log.…`. */
  readonly log?: {
    /**
     * Log messages of this level and above.
     *
     * The log goes to standard error. Each line names the process that wrote it. The banner and the access log do not depend on this option.
     *
     * Value: one of silent, error, warn, info, debug. Flag: `--log-level`. Variable: `LOCKSTEP_LOG_LEVEL`. Changes take effect at the next start.
     *
     * @default 'info'
     */
    readonly level?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined
    /**
     * Format of the log.
     *
     * `pretty` is for people, `json` is one object per line. `auto` is `pretty` on a terminal and `json` elsewhere. If you set `json`, the banner is a line of JSON too.
     *
     * Value: one of auto, pretty, json. Flag: `--log-format`. Variable: `LOCKSTEP_LOG_FORMAT`. Changes take effect at the next start.
     *
     * @default 'auto'
     */
    readonly format?: 'auto' | 'pretty' | 'json' | undefined
  } | undefined
  /** The options `accessLog.…`. */
  readonly accessLog?: {
    /**
     * Log each request to this file; - is standard output.
     *
     * Unset, requests are not logged. Files are appended to.
     *
     * Value: the path of a file, or - for standard output. Flag: `--access-log`. Variable: `LOCKSTEP_ACCESS_LOG_FILE`. Changes take effect at the next start.
     */
    readonly file?: string | undefined
    /**
     * Format of the access log.
     *
     * `combined` is the format of Apache and nginx. `json` is one object per line, with the worker, the duration and the TLS version. Control characters and quotes from the client are escaped.
     *
     * Value: one of combined, json. Flag: `--access-log-format`. Variable: `LOCKSTEP_ACCESS_LOG_FORMAT`. Changes take effect at the next start.
     *
     * @default 'combined'
     */
    readonly format?: 'combined' | 'json' | undefined
  } | undefined
  /** Functions that the launcher calls (docs/events.md). No flag or variable can express them. */
  readonly hooks?: LaunchHooks | undefined
}
