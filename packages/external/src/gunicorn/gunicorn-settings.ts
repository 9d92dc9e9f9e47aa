import type { ForeignSettings } from '../python/foreign-settings.ts'

const tls = 'Remove it, and set --tls-cert, --tls-key and the other options of TLS: the front serves TLS.'
const process = 'Remove it: each worker of Lockstep is a Gunicorn with one worker process.'
const limits = 'Remove it, and set the limits of Lockstep (--limit-header-bytes, --limit-header-count).'

/** Settings of `gunicorn.conf.py` and `GUNICORN_CMD_ARGS` that Lockstep does not leave to Gunicorn, by their names in Gunicorn. */
export const gunicornSettings: ForeignSettings = {
  bind: 'Remove it, and set --bind, or --host and --port.',
  certfile: tls,
  keyfile: tls,
  ca_certs: tls,
  cert_reqs: tls,
  ciphers: tls,
  ssl_version: tls,
  ssl_context: tls,
  do_handshake_on_connect: tls,
  suppress_ragged_eofs: tls,
  http_protocols: 'Remove it, and set --tls-protocols.',
  http2_cleartext: 'Remove it: the front speaks HTTP/1.1 with Gunicorn.',
  protocol: 'Remove it: the front speaks HTTP/1.1 with Gunicorn.',
  proxy_protocol: 'Remove it: the front speaks HTTP/1.1 with Gunicorn.',
  secure_scheme_headers:
    'Remove it: the front says the scheme in X-Forwarded-Proto, which Gunicorn believes by default.',
  wsgi_app: 'Remove it: the app is the argument of `lockstep run`.',
  paste:
    "Remove it, and name a function that calls `paste.deploy.loadapp('config:FILE')`, as in main:create_app().",
  raw_paste_global_conf: 'Remove it: it is for apps of Paste Deployment.',
  check_config: 'Remove it: Gunicorn would end instead of serving.',
  print_config: 'Remove it: Gunicorn would end instead of serving.',
  forwarded_allow_ips:
    'Remove it, and set --forwarded-allow-ips of Lockstep: Gunicorn believes the front alone.',
  workers: 'Remove it, and set --workers.',
  timeout: 'Remove it, and set --hang-timeout (or its alias --timeout).',
  graceful_timeout: 'Remove it, and set --graceful-timeout.',
  max_requests: 'Remove it, and set --max-lifetime: a worker that counts for itself can lose requests.',
  max_requests_jitter: 'Remove it, and set --max-lifetime-jitter.',
  limit_request_line: limits,
  limit_request_fields: limits,
  limit_request_field_size: limits,
  loglevel: 'Remove it, and set --log-level.',
  accesslog: 'Remove it, and set --access-log: the front writes it.',
  proc_name: 'Remove it, and set --name.',
  pidfile: 'Remove it, and set --pid-file.',
  daemon: 'Remove it: Lockstep supervises Gunicorn, which must stay in the foreground.',
  reload: process,
  preload_app: process,
  chdir: 'Remove it, and set --chdir.',
  user: 'Remove it, and start Lockstep as that user.',
  group: 'Remove it, and start Lockstep as a user of that group.',
  umask: 'Remove it, and set --umask.',
  control_socket: 'Remove it: `lockstep status` and the other commands replace it.',
  control_socket_mode: 'Remove it: `lockstep status` and the other commands replace it.',
}
