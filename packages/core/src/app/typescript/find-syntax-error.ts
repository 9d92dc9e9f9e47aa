import { walkImports } from './walk-imports.ts'

/** A place in a file that is not Node's own: `server.js:3`. */
const place = /(?<!node:\S*)\.[mc]?[jt]s:\d+/
/**
 * The place of a syntax error, as `FILE:LINE`, in a module or in what it imports by relative paths. V8 keeps the place of an
 * error in an ES module from the program (only Node's own report of a crash shows it), so it is looked for by parsing again;
 * nothing is run. `null` if the error contains its place, or none is found.
 */
export async function findSyntaxError(file: string, error: Error): Promise<string | null> {
  if (place.test(error.stack ?? '')) return null
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url)
  for (const { file: current, source } of walkImports(file)) {
    const parsed = jiti.transform({
      source,
      filename: current,
      ts: /\.[mc]?tsx?$/.test(current),
      jsx: /\.[jt]sx$/.test(current),
      async: true,
    })
    const failure = /^exports\.__JITI_ERROR__ = (\{.*\})/.exec(parsed)?.[1]
    if (failure !== undefined) return `${current}:${(JSON.parse(failure) as { line: number }).line}`
  }
  return null
}
