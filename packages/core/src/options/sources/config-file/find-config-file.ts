import { statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { nearlyNamed } from '../nearly-named.ts'

/** Formats of a configuration file that hold values alone. All else is code. */
const dataFormats = ['.json', '.jsonc', '.json5', '.yaml', '.yml', '.toml'] as const
const codeFormats = ['.js', '.ts', '.mjs', '.cjs', '.mts', '.cts'] as const

/** Where the file is looked for in a folder, without its extension. */
const places = [
  'lockstep.config',
  'lockstep.config/index',
  '.config/lockstep',
  '.config/lockstep.config',
] as const

/** The configuration files of a folder, found without being loaded. Throws where the folder is closed to this user. */
export function findConfigFiles(directory: string): readonly string[] {
  const candidates = places.flatMap((place) =>
    [...codeFormats, ...dataFormats].map((extension) => join(directory, `${place}${extension}`)),
  )
  return candidates.filter(isFile)
}

/** A file that was surely meant as the configuration file of a folder, and that has another name. */
export function misnamedConfigFile(directory: string): string | null {
  const names = (base: string): string[] =>
    [...codeFormats, ...dataFormats].map((extension) => `${base}${extension}`)
  return (
    nearlyNamed(directory, names('lockstep.config')) ??
    nearlyNamed(join(directory, '.config'), [...names('lockstep'), ...names('lockstep.config')])
  )
}

/** Whether loading the file runs it. */
export function isCode(file: string): boolean {
  return !(dataFormats as readonly string[]).includes(extname(file).toLowerCase())
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
