import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const relativeImport = /\b(?:from|import)\s*\(?\s*(["'])(\.{1,2}\/.+?)\1/g
/** A search after a failure must not become a wait of its own. */
const mostFiles = 200
const endings = ['', '.ts', '.tsx', '.js', '/index.ts'] as const

/** A module, and what it imports by relative paths, each once. Nothing is run, and an import that leads nowhere is left out. */
export function* walkImports(file: string): Generator<{ readonly file: string; readonly source: string }> {
  const files = [file]
  for (let index = 0; index < Math.min(files.length, mostFiles); index += 1) {
    const current = files[index] as string
    const read = endings.map((ending) => readText(`${current}${ending}`)).find((found) => found !== null)
    if (!read) continue
    yield read
    for (const [, , specifier = ''] of read.source.matchAll(relativeImport)) {
      const imported = resolve(dirname(read.file), specifier)
      if (!files.includes(imported)) files.push(imported)
    }
  }
}

function readText(file: string): { file: string; source: string } | null {
  try {
    return { file, source: readFileSync(file, 'utf8') }
  } catch {
    return null
  }
}
