import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** Tells whether any content has changed, without keeping it. A file that can't be read has a content too: the reason why. */
export async function digestOfFiles(paths: readonly string[]): Promise<string> {
  const contents = await Promise.all(
    paths.map((path) => readFile(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable')),
  )
  const hash = createHash('sha256')
  for (const [index, content] of contents.entries()) {
    hash.update(`${paths[index]}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}
