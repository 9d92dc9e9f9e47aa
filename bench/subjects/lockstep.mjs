import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.mjs'
import { startProcess } from './start-process.mjs'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))
export const command = file('../../packages/cli/bin/lockstep.js')

/** `lockstep run` on an app of `apps/`, with only the required options. */
export function lockstepOn(app, backend) {
  return { ...lockstep(backend, app), name: `lockstep ${backend} ${app}` }
}

function lockstep(backend, ownApp = 'routes') {
  return {
    name: `lockstep ${backend}`,
    isSingle: backend === 'single',
    version: () => process.version,
    missing: () => null,
    async start({ workers = 1, pair = null, core, flags = [], app = ownApp }) {
      const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
      mkdirSync(join(home, 'run'), { mode: 0o700 })
      const env = { XDG_DATA_HOME: home, XDG_RUNTIME_DIR: join(home, 'run') }
      const server = await startProcess(
        (port) => [
          process.execPath,
          command,
          'run',
          file(`../apps/${app}.mjs`),
          ...['--backend', backend, '--port', String(port)],
          ...(backend === 'cluster' ? ['--workers', String(workers)] : []),
          ...(pair ? ['--tls-cert', pair.cert, '--tls-key', pair.key] : []),
          ...flags,
        ],
        { pair, core, env },
      )
      return {
        ...server,
        reload: () => runProgram([process.execPath, command, 'reload', '--pid', String(server.pid)], { env }),
        async [Symbol.asyncDispose]() {
          await server[Symbol.asyncDispose]()
          rmSync(home, { recursive: true, force: true })
        },
      }
    },
  }
}

export const lockstepSingle = lockstep('single')
export const lockstepCluster = lockstep('cluster')
