import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingPeers, peerModules, peerVersion } from './npm-peers.mjs'
import { runProgram } from './run-program.mjs'
import { startProcess } from './start-process.mjs'

const command = [process.execPath, join(peerModules, 'wattpm/bin/cli.js')]
const app = new URL('../apps/listen.mjs', import.meta.url).href

/**
 * Watt in production, with its defaults: its workers are threads of one process. Its own `server.https` does nothing for an app of
 * `node:http`, so the app brings its TLS server itself. Its default log, of level `info`, has no line for a request to such an app.
 */
export const watt = {
  name: 'Watt',
  version: () => peerVersion('wattpm'),
  missing: missingPeers,
  async start({ workers, pair = null, core }) {
    const folder = mkdtempSync(join(tmpdir(), 'watt-bench-'))
    // It keeps its control socket in the folder for temporary files.
    const env = { TMPDIR: folder }
    const remove = () => rmSync(folder, { recursive: true, force: true })
    symlinkSync(peerModules, join(folder, 'node_modules'))
    const server = await startProcess(
      (port) => {
        writeProject(folder, { port, workers, pair })
        return [...command, 'start', folder]
      },
      { pair, core, env, cwd: folder },
    ).catch((error) => {
      remove()
      throw error
    })
    return {
      ...server,
      /** Replaces its workers one by one. Its own `reload` stops everything and starts it again. */
      reload: () => runProgram([...command, 'restart', String(server.pid)], { env, cwd: folder }),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        remove()
      },
    }
  },
}

function writeProject(folder, { port, workers, pair }) {
  const write = (name, text) => writeFileSync(join(folder, name), text)
  const settings = { cert: pair?.cert, key: pair?.key }
  write('package.json', JSON.stringify({ name: 'bench', type: 'module', main: 'app.mjs' }))
  write(
    'app.mjs',
    `import { serverOf } from '${app}'\nexport const create = () => serverOf(${JSON.stringify(settings)})\n`,
  )
  write(
    'watt.json',
    JSON.stringify({
      $schema: `https://schemas.platformatic.dev/@platformatic/node/${peerVersion('@platformatic/node')}.json`,
      runtime: { workers: { static: workers }, server: { hostname: '127.0.0.1', port, backlog: 2048 } },
    }),
  )
}
