import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './find-program.mjs'
import { peersFolder, pinsFolder } from './peers-folder.mjs'
import { runStep } from './run-step.mjs'
import { saysVersion } from './says-version.mjs'
import { stampOf } from './stamp.mjs'

const folder = join(peersFolder, 'caddy')
const module = join(pinsFolder, 'caddy')
const program = join(folder, process.platform === 'win32' ? 'caddy.exe' : 'caddy')
const stamp = stampOf({ folder, files: readdirSync(module).map((name) => join(module, name)) })

/** The current Caddy, built by Go from the module in `scripts/peers/caddy`. */
export const caddyBuild = {
  takes: 'two to three minutes, or seconds if Go has built it before',
  isReady: stamp.isUpToDate,
  async setUp() {
    const go = findProgram('go')
    if (!go)
      throw new Error("go can't be started here. Install Go; scripts/peers/caddy/go.mod has its version.")
    stamp.begin()
    // Go must neither change the pins nor fetch another Go.
    await runStep(go, ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', '-o', program, '.'], {
      cwd: module,
      env: { GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
    })
    stamp.finish()
  },
  pathOf: () => program,
  versionOf: () => saysVersion(program, 'version'),
}
