import { spawnSync } from 'node:child_process'
import { appsFolder } from './apps-folder.mjs'
import { hasProgram, versionOf } from './programs.mjs'
import { replaceWorkers } from './replace-workers.mjs'
import { startProcess } from './start-process.mjs'

const uvicornWorker = 'uvicorn.workers.UvicornWorker'

/** Debian: `apt install gunicorn`. Its access log is off by default. */
function gunicornWith({ name, app, flags, version, missing }) {
  return {
    name,
    version,
    missing,
    async start({ workers = 1, pair = null, core }) {
      const server = await startProcess(
        (port) => [
          'gunicorn',
          ...['--bind', `127.0.0.1:${port}`, '--workers', String(workers)],
          ...['--chdir', appsFolder, ...flags],
          ...(pair ? ['--certfile', pair.cert, '--keyfile', pair.key] : []),
          app,
        ],
        { pair, core, env: { PYTHONDONTWRITEBYTECODE: '1' } },
      )
      return { ...server, reload: () => replaceWorkers(server, 'SIGHUP') }
    },
  }
}

/** With threads, as its documentation recommends for WSGI apps. */
export const gunicorn = gunicornWith({
  name: 'Gunicorn gthread',
  app: 'wsgi_routes:app',
  flags: ['--worker-class', 'gthread', '--threads', '4'],
  version: () => versionOf('gunicorn', '--version'),
  missing: () => (hasProgram('gunicorn') ? null : "gunicorn can't be started here"),
})

export const gunicornUvicorn = gunicornWith({
  name: 'Gunicorn with Uvicorn',
  app: 'asgi_routes:app',
  flags: ['--worker-class', uvicornWorker],
  version: () => `${versionOf('gunicorn', '--version')} with ${versionOf('uvicorn', '--version')}`,
  missing: () => gunicorn.missing() ?? (hasUvicornWorker() ? null : `gunicorn can't load ${uvicornWorker}`),
})

/** Gunicorn may run under another Python than the one that Uvicorn is installed for. */
function hasUvicornWorker() {
  const { status } = spawnSync(
    'gunicorn',
    ['--check-config', '--chdir', appsFolder, '--worker-class', uvicornWorker, 'asgi_routes:app'],
    { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  )
  return status === 0
}
