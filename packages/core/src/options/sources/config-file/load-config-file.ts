import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { readText, withPlainLineEnds } from '@lockstep/certs/judge'
import { inFile } from '../../kinds/in-file.ts'
import { repeatedKey, withoutComments } from './json-text.ts'
import { unlessEndless } from './unless-endless.ts'

/**
 * What a configuration file holds: its values, or, of code, what it exports by default. That code runs. `c12` and `jiti` know how to run
 * it, `confbox` the formats of data that Node does not know.
 */
export async function loadConfigFile(
  file: string,
  { bytes = readFileSync(file), signal }: { bytes?: Uint8Array; signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  const text = textOf(bytes, file)
  const extension = extname(file).toLowerCase()
  if (!isDataFormat(extension)) return runConfigFile(file, signal)
  if (['.json', '.jsonc', '.json5'].includes(extension)) refuseRepeatedKey(text)
  // Of the text that was read, and not of the file: the parsers know neither UTF-16 nor all byte order marks and line ends.
  const parse = await parsers[extension]()
  return parse(withPlainLineEnds(text))
}

type Parse = (text: string) => unknown

/** Each is loaded when there is something to read: most launches have no such file. */
const parsers = {
  // Node would go on returning what a JSON file held when it was imported first.
  '.json': async () => JSON.parse,
  // The parser of JSONC in confbox skips what it can't read.
  '.jsonc': async () => (text: string) => JSON.parse(withoutComments(text)),
  '.json5': async () => (await import('confbox/json5')).parseJSON5,
  '.yaml': async () => (await import('confbox/yaml')).parseYAML,
  '.yml': async () => (await import('confbox/yaml')).parseYAML,
  '.toml': async () => (await import('confbox/toml')).parseTOML,
} satisfies { readonly [extension: string]: () => Promise<Parse> }

function isDataFormat(extension: string): extension is keyof typeof parsers {
  return Object.hasOwn(parsers, extension)
}

async function runConfigFile(file: string, signal: AbortSignal | undefined): Promise<unknown> {
  // Loaded when there is something to run: most launches have no such file.
  const { loadConfig } = await import('c12')
  const loading = loadConfig<Record<string, unknown>>({
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
  const { config } = await unlessEndless(loading, signal)
  return config
}

/** Says what a configuration file is saved as that its format cannot be read from. */
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
  if (read.encoding === 'UTF-16' && !isDataFormat(extension)) {
    const cure =
      'Save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, or "UTF-8" in the editor\'s list of encodings.'
    throw new UnreadableText(
      `is saved as UTF-16, and Node reads code (${extension}) as UTF-8 alone`,
      inFile(cure, file),
    )
  }
  return read.text
}

function refuseRepeatedKey(text: string): void {
  const key = repeatedKey(text)
  if (key !== null)
    throw new UnreadableText(`has the key "${key}" twice in one object`, 'Leave one of the two out.')
}
