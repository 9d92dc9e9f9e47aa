import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installFromDebian } from './debian-program.mjs'
import { findProgram } from './find-program.mjs'
import { peersFolder, pinsFolder } from './peers-folder.mjs'
import { runStep } from './run-step.mjs'
import { saysVersion } from './says-version.mjs'
import { stampOf } from './stamp.mjs'

// What the pins were resolved for.
const oldest = [3, 11]

/** The packages that don't have the name of their program. */
const packageOf = { 'django-admin': 'django' }

/** A virtual environment of Python with the packages of `scripts/peers/python/PINS.txt`. */
export function pythonEnvironment(pins, { takes }) {
  const folder = join(peersFolder, `python-${pins}`)
  const requirements = join(pinsFolder, 'python', `${pins}.txt`)
  const stamp = stampOf({ folder, files: [requirements] })
  const windows = process.platform === 'win32'
  return {
    takes,
    isReady: stamp.isUpToDate,
    async setUp() {
      const python = findPython()
      stamp.begin()
      await createEnvironment(python, folder)
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
      await runStep(programIn('python'), [
        ...pip,
        // Wheels only: building a package would run code that no hash covers.
        ...['--require-hashes', '--only-binary', ':all:', '--requirement', requirements],
      ])
      stamp.finish()
    },
    pathOf: programIn,
    versionOf(name) {
      const pinned = new RegExp(`^${packageOf[name] ?? name}==([^ ]+)`, 'm').exec(
        readFileSync(requirements, 'utf8'),
      )
      return pinned?.[1] ?? saysVersion(programIn(name), '--version')
    },
  }

  function programIn(name) {
    return windows ? join(folder, 'Scripts', `${name}.exe`) : join(folder, 'bin', name)
  }
}

function findPython() {
  const found = ['python3', 'python'].map(findProgram).find((program) => program && isRecent(program))
  if (found) return found
  throw new Error(
    `Python ${oldest.join('.')} or newer can't be started here. Install it (Debian: python3, python3-venv).`,
  )
}

function isRecent(python) {
  const [major, minor] = saysVersion(python, '--version').split('.').map(Number)
  return major === oldest[0] && minor >= oldest[1]
}

async function createEnvironment(python, folder) {
  try {
    await runStep(python, ['-m', 'venv', '--clear', folder])
  } catch (error) {
    // Debian has the part of venv that brings pip in a package of its own.
    if (!error.message.includes('ensurepip')) throw error
    await installFromDebian('python3-venv')
    await runStep(python, ['-m', 'venv', '--clear', folder])
  }
}
