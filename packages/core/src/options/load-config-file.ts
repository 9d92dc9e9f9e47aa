import { readFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { readText } from '@lockstep/certs/judge'
import { inFile } from './in-file.ts'
import { repeatedKey, withoutComments } from './json-text.ts'

/**
 * What a configuration file holds: its values, or, of code, what it exports by default. That code runs. `c12` and `jiti` know the
 * formats.
 */
export async function loadConfigFile(file: string): Promise<unknown> {
  const text = textOf(await readFile(file), file)
  const extension = extname(file).toLowerCase()
  if (['.json', '.jsonc', '.json5'].includes(extension)) refuseRepeatedKey(text)
  // Node would go on returning what a JSON file held when it was imported first; the parser of JSONC in c12 skips what it can't read.
  if (extension === '.json') return JSON.parse(text)
  if (extension === '.jsonc') return JSON.parse(withoutComments(text))
  // Loaded when there is something to read: most launches have no such file.
  const { loadConfig } = await import('c12')
  const { config } = await loadConfig<Record<string, unknown>>({
    name: 'lockstep',
    cwd: dirname(file),
    configFile: file,
    // One file in one place: nothing is merged in from elsewhere, so that every value has one source.
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
    envName: false,
    extend: false,
    giget: false,
    omit$Keys: false,
    // Its cache is in a folder for temporary files, where another user could have put code for us to run.
    jitiOptions: { fsCache: false },
    // What the file holds, as it is: c12's own merger turns anything but an object into an empty one, silently.
    merger: (...sources: unknown[]) =>
      sources.find((source) => source !== undefined) as Record<string, unknown>,
  })
  return config
}

/** Says what a configuration file is saved as that its format can not be read from. */
export class UnreadableText extends Error {
  readonly hint: string

  constructor(says: string, hint: string) {
    super(`it ${says}`)
    this.hint = hint
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  const read = readText(bytes)
  if (read.kind === 'refused') throw new UnreadableText(read.says, inFile(read.cure, file))
  const extension = extname(file).toLowerCase()
  if (['.json', '.jsonc'].includes(extension)) return read.text
  // The parsers of the other formats, and Node for code, read the file by themselves.
  if (read.encoding === 'UTF-16') {
    const cure =
      'Save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, or "UTF-8" in the editor\'s list of encodings.'
    throw new UnreadableText(`is saved as UTF-16, and ${extension} is read as UTF-8`, inFile(cure, file))
  }
  if (extension === '.toml' && bytes[0] === 0xef && bytes[1] === 0xbb) {
    throw new UnreadableText(
      'begins with a byte order mark, which the parser of TOML does not take',
      inFile("Save it as UTF-8 without that mark: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE", file),
    )
  }
  return read.text
}

function refuseRepeatedKey(text: string): void {
  const key = repeatedKey(text)
  if (key !== null)
    throw new UnreadableText(`has the key "${key}" twice in one object`, 'Leave one of the two out.')
}
