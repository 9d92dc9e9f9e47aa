// The server that a user writes by hand with Node and without a launcher.
import { fileURLToPath } from 'node:url'
import { startProcess } from './start-process.mjs'

const app = (name) => fileURLToPath(new URL(`../apps/${name}.mjs`, import.meta.url))

function byHand(name, file) {
  return {
    name,
    version: () => process.version,
    missing: () => null,
    start: ({ workers, pair = null, core, keepAliveSeconds }) =>
      startProcess(
        (port) => [
          process.execPath,
          app(file),
          JSON.stringify({ port, workers, cert: pair?.cert, key: pair?.key, keepAliveSeconds }),
        ],
        { pair, core },
      ),
  }
}

/** One process, `http(s).createServer`. */
export const bareNode = { ...byHand('bare Node', 'bare'), isSingle: true }
export const nodeCluster = byHand('node:cluster', 'node-cluster')
export const reusePort = byHand('reusePort processes', 'reuse-port')
