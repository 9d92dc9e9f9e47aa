import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Jiti } from 'jiti'
import type { Fault } from '../errors/launch-error.ts'
import { messageOf } from '../errors/thrown.ts'
import type { LaunchHooks } from '../hooks/launch-hooks.ts'
import { importAnew } from './import-anew.ts'
import type { RawValue } from './raw-options.ts'
import { readNested } from './read-nested.ts'

/**
 * Reads `lockstep.config.{ts,js,mjs,cjs,json,jsonc,json5,yaml,yml,toml}` from a folder, or the file that was named.
 * A file that was named must exist; the one that is looked for may be absent.
 */
export async function readConfigFile({
  directory,
  named,
  anew = false,
}: {
  directory: string
  named?: string | undefined
  anew?: boolean
}): Promise<{
  values: readonly RawValue[]
  faults: readonly Fault[]
  hooks?: LaunchHooks
  file: string | null
}> {
  const wanted = named === undefined ? undefined : resolve(directory, named)
  if (wanted !== undefined && !(existsSync(wanted) && statSync(wanted).isFile())) {
    return { values: [], file: null, faults: [unreadable(wanted, 'there is no such file')] }
  }
  if (wanted === undefined && !mayHoldOne(directory)) return { values: [], faults: [], file: null }
  try {
    // Loaded when there is something to read: most launches have no such file.
    const { loadConfig } = await import('c12')
    const { config, configFile } = await loadConfig<Record<string, unknown>>({
      name: 'lockstep',
      cwd: directory,
      ...(wanted !== undefined && { configFile: wanted }),
      // One file in one place: nothing is merged in from elsewhere, so that every value has one source.
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
      envName: false,
      extend: false,
      giget: false,
      omit$Keys: false,
      ...(anew && { jiti: { import: importAnew } as unknown as Jiti }),
      // What the file holds, as it is: c12's own merger turns anything that is no object into an empty one, without a word.
      merger: (...sources: unknown[]) =>
        sources.find((source) => source !== undefined) as Record<string, unknown>,
    })
    if (configFile === undefined || !existsSync(configFile)) return { values: [], faults: [], file: null }
    const label = relative(directory, configFile) || configFile
    return {
      ...readNested(config, { kind: 'config', file: label, directory: dirname(configFile) }),
      // c12 writes slashes on Windows too.
      file: resolve(configFile),
    }
  } catch (error) {
    return {
      values: [],
      file: null,
      faults: [unreadable(wanted ?? foundIn(directory), summary(messageOf(error)), error)],
    }
  }
}

/** c12 looks in the folder itself and in its `.config`. */
function mayHoldOne(directory: string): boolean {
  return readdirSync(directory).some((entry) => entry.startsWith('lockstep.config') || entry === '.config')
}

function foundIn(directory: string): string {
  const name = 'lockstep.config'
  return resolve(directory, readdirSync(directory).find((entry) => entry.startsWith(`${name}.`)) ?? name)
}

/** Some parsers draw the place below their message; that stands in the cause. */
function summary(message: string): string {
  return (message.split(/\n\s*\n/)[0] ?? message).replaceAll(/\s+/g, ' ')
}

function unreadable(file: string, reason: string, cause?: unknown): Fault {
  return {
    code: 'ERR_CONFIG_UNREADABLE',
    message: `The configuration file ${file} can not be read: ${reason}.`,
    hint: 'Mend the file, or name another with --config.',
    source: file,
    cause,
  }
}
