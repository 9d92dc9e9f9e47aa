// A stamp says from which pins a part was installed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `files` decide what is installed into `folder`. */
export function stampOf({ folder, files }) {
  const stampFile = join(folder, '.installed-from')
  const wanted = () =>
    [`${process.platform} ${process.arch} ${folder}`, ...files.map((file) => digestOf(file)), ''].join('\n')
  return {
    isUpToDate: () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted(),
    /** Empties the folder, so that what an interrupted installation left isn't used. */
    begin() {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
    },
    finish: () => writeFileSync(stampFile, wanted()),
  }
}

function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
