import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedTo } from '../measuring/cores.mjs'
import { freePort } from './free-port.mjs'
import { missingPeers, peerModules, peerVersion } from './npm-peers.mjs'
import { killTree, treeOf } from './process-tree.mjs'
import { runProgram } from './run-program.mjs'
import { firstAnswer } from './start-process.mjs'

const command = [process.execPath, join(peerModules, 'pm2/bin/pm2')]
const app = fileURLToPath(new URL('../apps/graceful.mjs', import.meta.url))

/** PM2's cluster mode with its own daemon, as `pm2 start` creates it if none is running. */
export const pm2 = {
  name: 'PM2',
  version: () => peerVersion('pm2'),
  missing: missingPeers,
  async start({ workers, pair = null, core = null }) {
    const home = mkdtempSync(join(tmpdir(), 'pm2-bench-'))
    const env = { PM2_HOME: home }
    const run = (...args) => runProgram(pinnedTo(core, [...command, ...args]), { env, cwd: home })
    const port = await freePort()
    const settings = JSON.stringify({ port, cert: pair?.cert, key: pair?.key })
    // It has its own session, so a Ctrl-C that ends the benchmarks does not reach it.
    const killDaemon = () => killTree(daemonOf(home))
    process.once('exit', killDaemon)
    const began = performance.now()
    const started = run('start', app, '--name', 'bench', '--instances', String(workers), '--', settings)
    const server = {
      host: '127.0.0.1',
      port,
      tls: pair !== null,
      url: `${pair ? 'https' : 'http'}://127.0.0.1:${port}`,
      async reload() {
        await started
        await run('reload', 'bench')
      },
      async [Symbol.asyncDispose]() {
        await started.catch(() => undefined)
        await run('kill').finally(killDaemon)
        process.off('exit', killDaemon)
        rmSync(home, { recursive: true, force: true })
      },
    }
    try {
      // As a rule it answers before the command has ended.
      await Promise.race([firstAnswer(server), started.then(() => firstAnswer(server))])
      const startMs = performance.now() - began
      const pid = daemonOf(home)
      return { ...server, pid, pids: () => treeOf(pid), startMs }
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw error
    }
  },
}

/** Empty if there is no daemon, or it has ended. */
function daemonOf(home) {
  const file = join(home, 'pm2.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null
}
