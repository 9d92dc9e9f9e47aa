import { readFileSync } from 'node:fs'
import { codeOf } from '../../errors/thrown.ts'

/** What is read of a package.json. Nothing of it is checked. */
export interface Manifest {
  readonly exports?: unknown
  readonly main?: unknown
  readonly scripts?: Readonly<Record<string, unknown>>
  readonly dependencies?: unknown
  readonly optionalDependencies?: unknown
  readonly devDependencies?: unknown
}

/** What the package.json says; nothing, when there is none. Throws when it is not JSON. */
export function readManifest(file: string): Manifest {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(codeOf(error))) return {}
    throw error
  }
  const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  return typeof parsed === 'object' && parsed !== null ? parsed : {}
}
