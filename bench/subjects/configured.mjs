import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProcess } from './start-process.mjs'

/** Starts a server that needs a configuration file, in a separate folder that is removed when it ends. */
export async function startConfigured({ config, command, env = () => ({}) }, settings) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const server = await startProcess(
      (port) => {
        const file = join(folder, 'config')
        writeFileSync(file, config({ port, folder }))
        return command({ folder, file })
      },
      { ...settings, env: env(folder) },
    )
    return {
      ...server,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
