import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { findProgram } from './find-program.mjs'
import { runStep } from './run-step.mjs'
import { saysVersion } from './says-version.mjs'

/** A program of the system. Where it is missing, it is installed from Debian's package of the same name. */
export function debianProgram(name) {
  return {
    takes: 'a few seconds',
    isReady: () => findProgram(name) !== undefined,
    setUp: () => installFromDebian(name),
    pathOf: () => findProgram(name) ?? name,
    versionOf: () => saysVersion(findProgram(name), '-v'),
  }
}

export async function installFromDebian(packageName) {
  if (process.getuid?.() !== 0 || !findProgram('apt-get'))
    throw new Error(`Install ${packageName} yourself: without root on Debian, this script can't.`)
  await runStep(join(rootFolder, 'scripts', 'install-debian-packages.sh'), [packageName])
}
