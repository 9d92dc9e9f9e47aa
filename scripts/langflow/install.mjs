import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../peers/find-program.mjs'
import { peersFolder } from '../peers/peers-folder.mjs'
import { runStep } from '../peers/run-step.mjs'
import { stampOf } from '../peers/stamp.mjs'

/** pip takes 15 minutes for what uv installs in one. */
const uv = 'uv==0.13.9'

/** The versions, the oldest first. The base package has a command of its own name. */
export const versions = [
  { name: '1.9.6', pins: '1.9', program: 'langflow-base' },
  { name: '1.13.0', pins: '1.13', program: 'langflow' },
]

/** Installs a version into a virtual environment of its own, unless it is there. Resolves with its program. */
export async function install({ name, pins, program }) {
  const folder = join(peersFolder, `langflow-${pins}`)
  const requirements = join(import.meta.dirname, `${pins}.txt`)
  const stamp = stampOf({ folder, files: [requirements] })
  if (!stamp.isUpToDate()) {
    const startedAt = Date.now()
    stamp.begin()
    const python = findProgram('python3.11') ?? findProgram('python3')
    if (!python) throw new Error('Python 3.11 is not in PATH. Install it (Debian: python3, python3-venv).')
    const inside = join(folder, 'bin/python')
    await runStep(python, ['-m', 'venv', '--clear', folder])
    await runStep(inside, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', uv])
    await runStep(inside, ['-m', 'uv', 'pip', 'install', '--no-deps', '--python', inside, '-r', requirements])
    stamp.finish()
    console.log(`Langflow ${name}: installed in ${Math.round((Date.now() - startedAt) / 1000)} s`)
  }
  if (!readdirSync(join(folder, 'bin')).includes(program))
    throw new Error(`${folder} has no ${program}. Delete the folder and start again.`)
  return join(folder, 'bin', program)
}
