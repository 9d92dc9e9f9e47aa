import type { ForeignSettings } from '../python/foreign-settings.ts'

const address = 'Remove it, and set --bind, or --host and --port.'
const tls = 'Remove it, and set --tls-cert, --tls-key and the other options of TLS: the front serves TLS.'
const reload = 'Remove it: `lockstep restart` loads the app again without a lost request.'
const front = 'Remove it: Uvicorn believes the front alone, and the front has --forwarded-allow-ips.'

/** Variables `UVICORN_*` that Lockstep does not leave to Uvicorn, by the names of their options. */
export const uvicornSettings: ForeignSettings = {
  host: address,
  port: address,
  uds: address,
  fd: address,
  ssl_keyfile: tls,
  ssl_certfile: tls,
  ssl_keyfile_password: tls,
  ssl_version: tls,
  ssl_cert_reqs: tls,
  ssl_ca_certs: tls,
  ssl_ciphers: tls,
  http2: 'Remove it, and set --tls-protocols.',
  app: 'Remove it: the app is the argument of `lockstep run`.',
  app_dir: 'Remove it, and name the app by its file, as in ./src/main.py:app.',
  factory: 'Remove it, and write the call, as in main:create_app().',
  interface: 'Remove it: Lockstep finds out whether the app is ASGI or WSGI.',
  workers: 'Remove it, and set --workers.',
  reload,
  reload_delay: reload,
  reload_dirs: reload,
  reload_includes: reload,
  reload_excludes: reload,
  proxy_headers: front,
  forwarded_allow_ips: front,
  limit_concurrency: 'Remove it, and set --limit-concurrency.',
  limit_max_requests: 'Remove it, and set --max-lifetime: a worker that counts for itself can lose requests.',
  limit_max_requests_jitter: 'Remove it, and set --max-lifetime-jitter.',
  timeout_graceful_shutdown: 'Remove it, and set --graceful-timeout.',
  h11_max_incomplete_event_size: 'Remove it, and set --limit-header-bytes.',
  timeout_worker_healthcheck: 'Remove it: each worker of Lockstep is a Uvicorn with one process.',
  use_colors:
    'Remove it: the log of Lockstep, where the output of Uvicorn goes, shows no colours of a program.',
  log_level: 'Remove it, and set --log-level.',
  access_log: 'Remove it, and set --access-log: the front writes it.',
}
