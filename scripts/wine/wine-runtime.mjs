// Windows Node under Wine, as the place where a subject runs: a `SubjectRuntime` of @lockstep/conformance.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { holdNamespace } from './hold-namespace.mjs'
import { startInWine } from './start-in-wine.mjs'

/**
 * `root` and `node` are what `ensureWine()` returns; `folders` of this machine are seen by the Windows programs at `Z:` and the same
 * path, as are the workspace, with node_modules that Windows Node can resolve, and the folder for temporary files.
 */
export async function openWineRuntime({ root, node, folders = [] }) {
  const { pid: namespacePid, end } = await holdNamespace({
    root,
    folders: [...folders, tmpdir(), dirname(node)],
  })
  const running = new Set()
  const start = ({ words, ...options }) => {
    const started = startInWine({ namespacePid, words, ...options })
    running.add(started.ended)
    void started.ended.finally(() => running.delete(started.ended)).catch(() => undefined)
    return started
  }
  const dispose = async () => {
    await end()
    await Promise.allSettled(running)
  }
  try {
    const nodePath = windowsPath(node)
    // The first start also starts Wine's services, which belong to all that follow.
    const nodeVersion = await outputOf(start, [nodePath, '--version'])
    const wineVersion = /\d+(\.\d+)+/.exec(await outputOf(start, ['--version']))?.[0]
    return {
      platform: 'win32',
      description: `Windows Node ${nodeVersion.slice(1)} under Wine ${wineVersion}`,
      nodeVersion,
      nodePath,
      path: windowsPath,
      start: ({ script, args, ...options }) =>
        start({ words: [nodePath, windowsPath(script), ...args], ...options }),
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Wine shows the root of the file system as drive Z. */
function windowsPath(file) {
  return `Z:${resolve(file).replaceAll('/', '\\')}`
}

async function outputOf(start, words) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-wine-'))
  const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')]
  try {
    const { code, signal } = await start({ words, env: {}, cwd: '/', stdout, stderr }).ended
    const output = readFileSync(stdout, 'utf8').trim()
    if (code !== 0 || output === '')
      throw new Error(
        `\`wine ${words.join(' ')}\` failed (${signal ?? code}): ${readFileSync(stderr, 'utf8').trim()}`,
      )
    return output
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
