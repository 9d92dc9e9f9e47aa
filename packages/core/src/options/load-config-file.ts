import { readFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'

/**
 * What a configuration file holds: its values, or, of code, what it exports by default. That code runs. `c12` and `jiti` know the
 * formats.
 */
export async function loadConfigFile(file: string): Promise<unknown> {
  // Node would go on returning what a JSON file held when it was imported first.
  if (extname(file) === '.json') return JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
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
