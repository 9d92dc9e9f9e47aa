// Programs that call `listen()` themselves, run by Node. `lockstepOn()` runs them with Lockstep.
import { fileURLToPath } from 'node:url'
import { startProcess } from './start-process.mjs'

const fileOf = (app) => fileURLToPath(new URL(`../apps/${app}.mjs`, import.meta.url))

/** `node FILE`. The programs read their port from PORT. */
export function nodeOn(app) {
  const name = `node ${app}`
  return {
    name,
    isSingle: !app.endsWith('-cluster'),
    version: () => process.version,
    missing: () => null,
    async start({ core }) {
      const env = {}
      return startProcess(
        (port) => {
          env.PORT = String(port)
          return [process.execPath, fileOf(app)]
        },
        { core, env },
      )
    },
  }
}
