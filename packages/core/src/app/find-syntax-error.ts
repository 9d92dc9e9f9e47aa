import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A place in a file that is not Node's own: `server.js:3`. */
const place = /(?<!node:\S*)\.[mc]?[jt]s:\d+/
const relativeImport = /\b(?:from|import)\s*\(?\s*(["'])(\.{1,2}\/.+?)\1/g
/** A search after a failure must not become a wait of its own. */
const mostFiles = 200

/**
 * The place of a syntax error, as `FILE:LINE`, in a module or in what it imports by relative paths. V8 keeps the place of an
 * error in an ES module from the program (only Node's own report of a crash shows it), so it is looked for by parsing again;
 * nothing is run. `null` if the error contains its place, or none is found.
 */
export async function findSyntaxError(file: string, error: Error): Promise<string | null> {
  if (place.test(error.stack ?? '')) return null
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url)
  const files = [file]
  for (let index = 0; index < Math.min(files.length, mostFiles); index += 1) {
    const current = files[index] as string
    const source = text(current)
    const parsed = jiti.transform({ source, filename: current, ts: /\.[mc]?ts$/.test(current), async: true })
    const failure = /^exports\.__JITI_ERROR__ = (\{.*\})/.exec(parsed)?.[1]
    if (failure !== undefined) return `${current}:${(JSON.parse(failure) as { line: number }).line}`
    for (const [, , specifier = ''] of source.matchAll(relativeImport)) {
      const imported = resolve(dirname(current), specifier)
      if (!files.includes(imported)) files.push(imported)
    }
  }
  return null
}

/** An import that leads nowhere is another error than the one that is looked for. */
function text(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
