import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

/**
 * What a configuration file holds now. Node, and jiti through it, give a JSON file or a module that was loaded once as it was
 * then; so the text is read and evaluated here. What a module imports is new too, unless it ends in `.mjs` or `.cjs`.
 */
export async function importAnew(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  if (extname(file) === '.json') return JSON.parse(text)
  const { createJiti } = await import('jiti')
  const jiti = createJiti(file, { moduleCache: false, fsCache: false })
  const evaluated: unknown = await jiti.evalModule(text, {
    filename: file,
    ext: extname(file),
    async: true,
    forceTranspile: true,
  })
  return typeof evaluated === 'object' && evaluated !== null && 'default' in evaluated
    ? evaluated.default
    : evaluated
}
