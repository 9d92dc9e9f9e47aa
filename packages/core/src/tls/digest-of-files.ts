import { readFile, stat } from 'node:fs/promises'
import { codeOf } from '../errors/thrown.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'

/**
 * Shows whether any content has changed, or who may read it, without storing it. A file that can't be read has a content too: the
 * reason why. A pipe is left alone: what is read from it is gone.
 */
export async function digestOfFiles(paths: readonly string[]): Promise<string> {
  if (paths.length === 0) return ''
  const files = await Promise.all(paths.map(stateOfFile))
  const hash = nodeCrypto().createHash('sha256')
  for (const [index, { content, access }] of files.entries()) {
    hash.update(`${paths[index]}\0${access}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}

async function stateOfFile(path: string): Promise<{ content: Buffer | string; access: string }> {
  try {
    const state = await stat(path)
    const access = `${state.mode} ${state.uid} ${state.gid}`
    return { content: state.isFile() ? await readFile(path) : 'not a file', access }
  } catch (error) {
    return { content: codeOf(error) || 'unreadable', access: '' }
  }
}
