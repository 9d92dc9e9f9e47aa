// Opens the namespace of hold-namespace.sh and keeps it open.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { rootFolder } from '../workspace.mjs'
import { layOutFlatModules } from './flat-modules.mjs'
import { cacheFolder, ownFolder, removeFolder } from './kept-folders.mjs'
import { wineEnvironment } from './wine-environment.mjs'

const holder = fileURLToPath(new URL('hold-namespace.sh', import.meta.url))
const flags = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private']

/** The longest time that a process needs to end by itself. */
const endMs = 10_000

/**
 * Resolves with the process id of the holder, by which others enter, and with `end()`, which ends everything in there. It ends
 * by itself when this process does. `folders` are seen there at their own paths; the workspace is, in any case.
 */
export async function holdNamespace({ root, folders }) {
  const run = prepareRunFolder()
  const args = [holder, root, run, rootFolder, ...outermostFirst([...folders, rootFolder])]
  const child = spawn('unshare', [...flags, '--', 'bash', ...args], {
    cwd: '/',
    env: wineEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C in a terminal is for the process that opened this, which ends it in order.
    detached: true,
  })
  const ended = once(child, 'exit')
  const complaints = text(child.stderr)
  const end = async () => {
    child.stdin.end()
    const late = setTimeout(() => child.kill('SIGKILL'), endMs)
    await ended
    clearTimeout(late)
    removeFolder(run)
  }
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [])])
  if (line === undefined) {
    await end()
    throw new Error(`The namespace for Wine could not be opened: ${(await complaints).trim()}`)
  }
  return { pid: Number(String(line)), end }
}

function prepareRunFolder() {
  const run = ownFolder(join(cacheFolder, 'wine-run'))
  for (const name of ['scratch', 'no-modules', 'modules/.pnpm'])
    mkdirSync(join(run, name), { recursive: true })
  layOutFlatModules(join(run, 'modules'))
  return run
}

/** A later mount hides an earlier one. */
function outermostFirst(folders) {
  return [...new Set(folders)].sort((one, other) => one.length - other.length)
}
