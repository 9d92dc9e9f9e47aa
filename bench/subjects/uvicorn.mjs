import { appsFolder } from './apps-folder.mjs'
import { hasProgram, versionOf } from './programs.mjs'
import { startProcess } from './start-process.mjs'

/** Debian: `apt install uvicorn python3-uvloop python3-httptools`. Its access log is off, as that of the others is by default. */
export const uvicorn = {
  name: 'Uvicorn',
  version: () => versionOf('uvicorn', '--version'),
  missing: () => (hasProgram('uvicorn') ? null : "uvicorn can't be started here"),
  start: ({ workers = 1, pair = null, core }) =>
    startProcess(
      (port) => [
        'uvicorn',
        ...['--host', '127.0.0.1', '--port', String(port), '--workers', String(workers)],
        ...['--app-dir', appsFolder, '--no-access-log'],
        ...(pair ? ['--ssl-certfile', pair.cert, '--ssl-keyfile', pair.key] : []),
        'asgi_routes:app',
      ],
      { pair, core, env: { PYTHONDONTWRITEBYTECODE: '1' } },
    ),
}
