import { peer, peerProblem, peerVersion } from '../../scripts/peers/peers.mjs'
import { appsFolder } from './apps-folder.mjs'
import { startProcess } from './start-process.mjs'

/** The current one with its extras, of `npm run peers`. Its access log is off, as that of the others is by default. */
export const uvicorn = {
  name: 'Uvicorn',
  version: () => peerVersion('uvicorn'),
  missing: () => peerProblem('uvicorn'),
  start: ({ workers = 1, pair = null, core }) =>
    startProcess(
      (port) => [
        peer('uvicorn'),
        ...['--host', '127.0.0.1', '--port', String(port), '--workers', String(workers)],
        ...['--app-dir', appsFolder, '--no-access-log'],
        ...(pair ? ['--ssl-certfile', pair.cert, '--ssl-keyfile', pair.key] : []),
        'asgi_routes:app',
      ],
      { pair, core, env: { PYTHONDONTWRITEBYTECODE: '1' } },
    ),
}
