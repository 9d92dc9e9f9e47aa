import { noBackground, noWatch, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

/** A setting that concerns Python alone. `lockstep run main:app` passes such a setting on. */
const python = (key: string): string =>
  `For a Python app, set \`${key}\` in \`gunicorn.conf.py\`. It has no meaning for a Node app.`
const sockets =
  'Lockstep listens on a socket of its own for `lockstep status` and the other commands. `--no-control` switches it off.'
const hooks =
  'For a Python app, it works in `gunicorn.conf.py`. For a Node app, docs/events.md has events and hooks.'
const syslog =
  'Lockstep writes to the standard output and the standard error. systemd passes them to the journal, which passes them to syslog.'
const statsd =
  'For a Python app, it works in `gunicorn.conf.py`. Lockstep itself sends no metrics; `lockstep status --json` has the counts.'
const parser = 'Lockstep refuses such requests, as the cases hardening/* check (docs/conformance.md).'
const h2 = 'Lockstep has the limits of Node, and no option for them.'
const tlsPython = 'Leave it out: Node has no such switch.'

/** Settings of Gunicorn 27. */
export const gunicornFlags: readonly ForeignFlag[] = [
  same('-b --bind bind', 'is the address to listen on'),
  same('--backlog backlog', 'is the number of connections that may wait'),
  same('-w --workers workers', 'is the number of worker processes'),
  refused(
    '-k --worker-class worker_class',
    'selects the kind of worker',
    'For a Node app, leave it out: each worker has an event loop. For a Python app, Lockstep finds out whether it is ASGI or WSGI; `worker_class` in `gunicorn.conf.py` selects another class.',
    { value: /[a-z]/i },
  ),
  refused(
    '--threads threads',
    'is the number of threads in each worker',
    'For a Node app, write more `--workers`: each has one event loop. For a Python app, set `threads` in `gunicorn.conf.py`.',
  ),
  same('--worker-connections worker_connections', 'limits the connections of a worker'),
  same('--max-requests max_requests', 'replaces a worker after this many requests'),
  same('--max-requests-jitter max_requests_jitter', 'adds a random number of requests'),
  same(
    '-t --timeout timeout',
    'replaces a worker that hangs',
    'It needs the backend `cluster`: a process that blocks its own event loop cannot watch itself.',
  ),
  same('--graceful-timeout graceful_timeout', 'waits for requests in flight'),
  same(
    '--keep-alive keepalive',
    'keeps an idle connection open for this long',
    'The default is 5 s here, and 2 s there.',
  ),
  refused('--asgi-loop asgi_loop', 'selects the event loop', python('asgi_loop')),
  refused('--asgi-lifespan asgi_lifespan', 'switches the lifespan of ASGI', python('asgi_lifespan')),
  refused(
    '--asgi-disconnect-grace-period asgi_disconnect_grace_period',
    'waits for an app whose client has gone',
    python('asgi_disconnect_grace_period'),
  ),
  refused(
    '--websocket-max-message-size websocket_max_message_size',
    'limits a WebSocket message',
    python('websocket_max_message_size'),
  ),
  refused('--http-parser http_parser', 'selects the parser of HTTP', python('http_parser')),
  same('--certfile certfile', 'is the certificate'),
  same('--keyfile keyfile', 'is the private key'),
  same('--ca-certs ca_certs', 'is the CA of client certificates'),
  same('--cert-reqs cert_reqs', 'says whether clients need a certificate', '0, 1 and 2 work too.'),
  same('--ciphers ciphers', 'lists the ciphers', 'Those of TLS 1.2. `--tls-ciphersuites` is for TLS 1.3.'),
  refused(
    '--ssl-version ssl_version',
    'selects the TLS version',
    'Write `--tls-min-version` and `--tls-max-version`.',
  ),
  refused('--suppress-ragged-eofs suppress_ragged_eofs', 'hides connections that were cut', tlsPython),
  refused(
    '--do-handshake-on-connect do_handshake_on_connect',
    'makes the handshake at the connection',
    tlsPython,
  ),
  refused('ssl_context', 'makes the TLS context', "Write the options `tls.…`. What they lack can't be set."),
  same('--http-protocols http_protocols', 'lists the versions of HTTP', 'Over TLS: `h2,http/1.1`.'),
  refused(
    '--http2-cleartext http2_cleartext',
    'serves HTTP/2 without TLS',
    'Lockstep serves HTTP/2 over TLS only: `--tls-protocols h2,http/1.1`.',
  ),
  refused(
    '--http2-max-concurrent-streams http2_max_concurrent_streams',
    'limits the streams of a connection',
    'Write `--limit-concurrency`: the requests of a worker at a time.',
  ),
  refused('--http2-initial-window-size http2_initial_window_size', 'sets the window of HTTP/2', h2),
  refused('--http2-max-frame-size http2_max_frame_size', 'sets the size of a frame', h2),
  refused(
    '--http2-max-header-list-size http2_max_header_list_size',
    'limits the headers over HTTP/2',
    'Write `--limit-header-bytes`.',
  ),
  refused(
    '--limit-request-line limit_request_line',
    'limits the request line',
    'Write `--limit-header-bytes`: the request line and the headers together.',
  ),
  same('--limit-request-fields limit_request_fields', 'limits the number of headers'),
  refused(
    '--limit-request-field_size limit_request_field_size',
    'limits the size of a header',
    'Write `--limit-header-bytes`: the request line and the headers together.',
  ),
  same('--access-logfile accesslog', 'writes the access log to this file'),
  refused(
    '--access-logformat access_log_format',
    'is the format of the access log',
    'Write `--access-log-format combined` or `--access-log-format json`.',
  ),
  refused(
    '--error-logfile --log-file errorlog',
    'writes the log to this file',
    'The log goes to the standard error: redirect it, or leave it to systemd.',
  ),
  same('--log-level loglevel', 'sets the level of the log'),
  refused(
    '--capture-output capture_output',
    'writes the output of the app to the log',
    'Leave it out: the output of the app goes to the standard output and the standard error.',
  ),
  refused(
    '-R --enable-stdio-inheritance enable_stdio_inheritance',
    'keeps the output of the app',
    'Leave it out: the output of the app goes to the standard output and the standard error.',
  ),
  refused('--logger-class logger_class', 'is the class that writes the log', python('logger_class')),
  refused(
    '--log-config logconfig',
    'configures the log',
    'For a Python app, set `logconfig` in `gunicorn.conf.py`. For the log of Lockstep: `--log-level` and `--log-format`.',
  ),
  refused(
    '--log-config-json logconfig_json',
    'configures the log',
    'For a Python app, set `logconfig_json` in `gunicorn.conf.py`. For the log of Lockstep: `--log-level` and `--log-format`.',
  ),
  refused('logconfig_dict', 'configures the log', python('logconfig_dict')),
  refused('--log-syslog syslog', 'sends the log to syslog', syslog),
  refused('--log-syslog-to syslog_addr', 'is the address of syslog', syslog),
  refused(
    '--log-syslog-prefix syslog_prefix',
    'is the name in syslog',
    'In a unit of systemd it is `SyslogIdentifier=`.',
  ),
  refused(
    '--log-syslog-facility syslog_facility',
    'is the facility of syslog',
    'In a unit of systemd it is `SyslogFacility=`.',
  ),
  refused(
    '--disable-redirect-access-to-syslog disable_redirect_access_to_syslog',
    'keeps the access log out of syslog',
    'Leave it out.',
  ),
  refused('--statsd-host statsd_host', 'sends metrics to StatsD', statsd),
  refused('--statsd-prefix statsd_prefix', 'names the metrics', statsd),
  refused('--dogstatsd-tags dogstatsd_tags', 'adds tags to the metrics', statsd),
  refused('--enable-backlog-metric enable_backlog_metric', 'measures the queue of connections', statsd),
  same('-n --name proc_name', 'names the processes'),
  refused('default_proc_name', 'names the processes', 'Write `--name`.'),
  clash('-p', 'writes the process id to this file', 'Here `-p` is `--port`. Write `--pid-file`.', {
    value: /[^\d]/,
  }),
  same('--pid pidfile', 'writes the process id to this file'),
  same('-u --user user', 'runs the workers as this user'),
  same('-g --group group', 'runs the workers as this group'),
  same('-m --umask umask', 'removes these permissions from new files'),
  refused(
    '--initgroups initgroups',
    'sets all groups of the user for the workers',
    'Leave it out: with `--user`, the workers have all groups of that user.',
  ),
  same('--chdir chdir', 'runs the app in this folder'),
  refused('-e --env raw_env', 'sets a variable of the app', 'Write it into `.env`: docs/configuration.md.', {
    value: /=/,
  }),
  refused('-D --daemon daemon', 'runs in the background', noBackground),
  refused(
    '--preload preload_app',
    'loads the app before it forks the workers',
    "A process of Node can't fork, so each worker loads the app itself. For a Python app, each worker of Lockstep is a Gunicorn with one worker process.",
  ),
  refused('--no-sendfile sendfile', 'switches sendfile() off', python('sendfile')),
  refused(
    '--reuse-port reuse_port',
    'opens a socket for each worker',
    'Write `--balance reuse-port`. It is the default on Linux.',
  ),
  refused(
    '--worker-tmp-dir worker_tmp_dir',
    'is the folder of the heartbeat files',
    python('worker_tmp_dir'),
  ),
  refused('tmp_upload_dir', 'is the folder of uploads', 'Lockstep writes no uploads to a disk.'),
  refused(
    'secure_scheme_headers',
    'lists headers that say HTTPS',
    'Write `--forwarded-header`: `X-Forwarded-Proto` or `Forwarded`.',
  ),
  same(
    '--forwarded-allow-ips forwarded_allow_ips',
    'lists the proxies to trust',
    'Gunicorn trusts 127.0.0.1 by default. Lockstep trusts no proxy until you name it.',
  ),
  refused(
    '--forwarder-headers forwarder_headers',
    'lists headers that a proxy may set',
    python('forwarder_headers'),
  ),
  refused('--header-map header_map', 'says what happens to headers with an underscore', python('header_map')),
  clash(
    '--proxy-protocol proxy_protocol',
    'accepts the PROXY protocol',
    'Here it needs a value: `--proxy-protocol require`.',
  ),
  refused(
    '--proxy-allow-from proxy_allow_ips',
    'lists the senders of the PROXY protocol',
    'Write `--forwarded-allow-ips`.',
  ),
  refused(
    '--protocol protocol',
    'selects HTTP or uWSGI',
    'Lockstep speaks HTTP. Behind nginx, write `proxy_pass` instead of `uwsgi_pass`.',
  ),
  refused(
    '--uwsgi-allow-from uwsgi_allow_ips',
    'lists the senders of uWSGI',
    'Lockstep speaks HTTP. Behind nginx, write `proxy_pass` instead of `uwsgi_pass`.',
  ),
  refused('--pythonpath pythonpath', 'adds folders to the path of Python', 'Set the variable `PYTHONPATH`.'),
  refused(
    '--paste --paster paste',
    'loads a file of Paste Deployment',
    "Name a function that calls `paste.deploy.loadapp('config:FILE')`, as in `main:create_app()`.",
  ),
  refused(
    '--paste-global raw_paste_global_conf',
    'sets a variable of Paste Deployment',
    "Name a function that calls `paste.deploy.loadapp('config:FILE')`, as in `main:create_app()`.",
  ),
  refused(
    '--root-path root_path',
    'is the path below which a proxy serves the app',
    "For a Python app, set `root_path` in `gunicorn.conf.py`. For a Node app, mount it there: `app.use('/shop', shop)`.",
  ),
  refused('--permit-obsolete-folding permit_obsolete_folding', 'accepts folded headers', parser),
  refused('--strip-header-spaces strip_header_spaces', 'accepts a space before the colon', parser),
  refused(
    '--permit-unconventional-http-method permit_unconventional_http_method',
    'accepts odd methods',
    parser,
  ),
  refused(
    '--permit-unconventional-http-version permit_unconventional_http_version',
    'accepts odd versions of HTTP',
    parser,
  ),
  refused('--casefold-http-method casefold_http_method', 'accepts methods in lower case', parser),
  clash(
    '--reload reload',
    restartsAtChange,
    `Here \`--reload\` says how \`lockstep reload\` replaces what serves. ${noWatch}`,
  ),
  refused('--reload-engine reload_engine', 'selects how files are watched', noWatch),
  refused('--reload-extra-file reload_extra_files', 'watches more files', noWatch),
  refused('--spew spew', 'prints every line that is executed', python('spew')),
  refused(
    '--check-config check_config',
    'checks the configuration and exits',
    'Run `lockstep check app.js`.',
  ),
  refused('--print-config print_config', 'shows the configuration and exits', 'Run `lockstep plan app.js`.'),
  clash(
    '-c --config config',
    'is the configuration file, in Python',
    'Here it is `lockstep.config.ts`, or a file in JSON, YAML or TOML. For a Python app, Gunicorn reads `gunicorn.conf.py` by itself.',
  ),
  refused('wsgi_app', 'is the app', 'Name the app: `lockstep run main:app`.'),
  refused('--control-socket control_socket', 'is the socket for commands', sockets),
  refused('--control-socket-mode control_socket_mode', 'sets the permissions of that socket', sockets),
  refused(
    '--no-control-socket control_socket_disable',
    'opens no socket for commands',
    'Write `--no-control`.',
  ),
  refused('--dirty-app dirty_apps', 'loads an app into the pool of dirty workers', python('dirty_apps')),
  refused('--dirty-workers dirty_workers', 'is the number of dirty workers', python('dirty_workers')),
  refused('--dirty-timeout dirty_timeout', 'limits a task of a dirty worker', python('dirty_timeout')),
  refused(
    '--dirty-threads dirty_threads',
    'is the number of threads in a dirty worker',
    python('dirty_threads'),
  ),
  refused(
    '--dirty-graceful-timeout dirty_graceful_timeout',
    'waits for a dirty worker',
    python('dirty_graceful_timeout'),
  ),
  refused(
    'on_starting on_reload when_ready pre_fork post_fork post_worker_init worker_int worker_abort pre_exec',
    'is a hook',
    hooks,
  ),
  refused('pre_request post_request child_exit worker_exit nworkers_changed on_exit', 'is a hook', hooks),
  refused(
    'on_dirty_starting dirty_post_fork dirty_worker_init dirty_worker_exit',
    'is a hook of the dirty workers',
    hooks,
  ),
  refused('-v', 'shows the version', 'Write `-V` or `--version`.'),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
]
