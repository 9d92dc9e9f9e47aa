import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { appsFolder } from './apps-folder.mjs'
import { hasProgram, versionOf } from './programs.mjs'
import { replaceWorkers } from './replace-workers.mjs'
import { startProcess } from './start-process.mjs'

/** Debian: `apt install puma`. As many threads as it has by default. */
export const puma = {
  name: 'Puma',
  version: () => versionOf('puma', '--version'),
  missing: () => (hasProgram('puma') ? null : "puma can't be started here"),
  cannot: ({ tls }) => (tls && !hasTls() ? 'this build of puma has no TLS' : null),
  async start({ workers = 1, pair = null, core }) {
    const server = await startProcess(
      (port) => [
        'puma',
        ...['--config', '-', '--environment', 'production'],
        ...['--workers', String(workers), '--bind', bind(port, pair)],
        join(appsFolder, 'routes.ru'),
      ],
      { pair, core },
    )
    /** A phased restart: one worker after the other. */
    return { ...server, reload: () => replaceWorkers(server, 'SIGUSR1') }
  },
}

function bind(port, pair) {
  if (!pair) return `tcp://127.0.0.1:${port}`
  return `ssl://127.0.0.1:${port}?${new URLSearchParams({ cert: pair.cert, key: pair.key, no_tlsv1_1: 'true' })}`
}

function hasTls() {
  return spawnSync('ruby', ['-e', 'require "puma"; exit Puma.ssl?']).status === 0
}
