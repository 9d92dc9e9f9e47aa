import { readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { peersFolder, pinsFolder } from './peers-folder.mjs'
import { runStep } from './run-step.mjs'
import { stampOf } from './stamp.mjs'

/** Packages of npm with all that they need, as pinned by the package-lock.json in the folder `pinned`. */
export function nodePackage(
  name,
  { takes, folder = join(peersFolder, name), pinned = join(pinsFolder, name) },
) {
  const pins = ['package.json', 'package-lock.json'].map((file) => join(pinned, file))
  const stamp = stampOf({ folder, files: pins })
  const suffix = process.platform === 'win32' ? '.cmd' : ''
  return {
    takes,
    isReady: stamp.isUpToDate,
    async setUp() {
      stamp.begin()
      for (const file of pins) await copyFile(file, join(folder, basename(file)))
      // Scripts of packages would run code of more than two hundred packages, and only build what is optional.
      await runStep(
        `npm${suffix}`,
        ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        {
          cwd: folder,
        },
      )
      stamp.finish()
    },
    pathOf: (program) => join(folder, 'node_modules', '.bin', `${program}${suffix}`),
    versionOf: (program) => JSON.parse(readFileSync(pins[0], 'utf8')).dependencies[program],
  }
}
