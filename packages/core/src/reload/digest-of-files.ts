import { readFile } from 'node:fs/promises'
import { nodeCrypto } from '../platform/node-crypto.ts'

/** Tells whether any content has changed, without keeping it. A file that can't be read has a content too: the reason why. */
export async function digestOfFiles(paths: readonly string[]): Promise<string> {
  if (paths.length === 0) return ''
  const contents = await Promise.all(
    paths.map((path) => readFile(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable')),
  )
  const hash = nodeCrypto().createHash('sha256')
  for (const [index, content] of contents.entries()) {
    hash.update(`${paths[index]}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}
