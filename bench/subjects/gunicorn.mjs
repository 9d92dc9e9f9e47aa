import { peer, peerProblem, peerVersion } from '../../scripts/peers/peers.mjs'
import { appsFolder } from './apps-folder.mjs'
import { replaceWorkers } from './replace-workers.mjs'
import { startProcess } from './start-process.mjs'

/** The current one, of `npm run peers`. Its access log is off by default. */
function gunicornWith({ name, app, flags, version, missing }) {
  return {
    name,
    version,
    missing,
    async start({ workers = 1, pair = null, core }) {
      const server = await startProcess(
        (port) => [
          peer('gunicorn'),
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
  version: () => peerVersion('gunicorn'),
  missing: () => peerProblem('gunicorn'),
})

export const gunicornUvicorn = gunicornWith({
  name: 'Gunicorn with Uvicorn',
  app: 'asgi_routes:app',
  flags: ['--worker-class', 'uvicorn_worker.UvicornWorker'],
  version: () => `${peerVersion('gunicorn')} with ${peerVersion('uvicorn')}`,
  missing: () => peerProblem('gunicorn'),
})
