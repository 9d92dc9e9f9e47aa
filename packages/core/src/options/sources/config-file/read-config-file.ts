import { readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { readText } from '@lockstep/certs/judge'
import { isAccessDenied, whyFileFails } from '../../../errors/file-error.ts'
import { type Fault, LaunchError } from '../../../errors/launch-error.ts'
import { codeOf, messageOf } from '../../../errors/thrown.ts'
import type { LaunchHooks } from '../../../hooks/launch-hooks.ts'
import type { PlannedIdentity } from '../../../plan/launch-plan.ts'
import type { TrustRule } from '../../../platform/accounts/path-trust.ts'
import { kindOfFile } from '../../../platform/files/kind-of-file.ts'
import { readAndNote } from '../../../platform/files/read-and-note.ts'
import { nodeCrypto } from '../../../platform/node/node-crypto.ts'
import { type DecidingPath, untrustedFaults } from '../../../trust/untrusted-fault.ts'
import type { RawValue } from '../raw-options.ts'
import { valueAt } from './config-values.ts'
import { findConfigFiles, isCode, isFile, misnamedConfigFile } from './find-config-file.ts'
import { loadConfigFile, UnreadableText } from './load-config-file.ts'
import { loadInProcess, rememberLoader } from './load-in-process.ts'
import { readNested } from './read-nested.ts'

/** A configuration file as it was read, for the reads that follow. */
export interface ConfigFile {
  /** Absolute. */
  readonly file: string
  /** Its code runs at the start, and at a reload in a process of its own. */
  readonly isCode: boolean
  readonly content: unknown
  /** Whether it was read now, its code loaded now, or its values are those of before. */
  readonly taken: ConfigTaken
  /** Of its text. */
  readonly digest: string
}

/** Why the sources are read. `renewal`: the launcher follows certificates by itself; then no code of a file runs. */
export type ReadingCause = 'start' | 'reload' | 'renewal'

export type ConfigTaken = 'read' | 'loaded' | 'kept'

export interface ConfigReading {
  readonly cause: ReadingCause
  /** What was read last; `null`: there was none, or this is the start. */
  readonly before: ConfigFile | null
  /** Who serves, if that is another user than this one. */
  readonly served: PlannedIdentity | null
  /** Who may decide; `null`: this is not root. */
  readonly rule: TrustRule | null
  /** Gives up the start while code of the file is loaded. */
  readonly signal?: AbortSignal | undefined
}

export interface ReadConfig {
  readonly values: readonly RawValue[]
  readonly faults: readonly Fault[]
  readonly hooks?: LaunchHooks
  readonly config: ConfigFile | null
  readonly deciding: readonly DecidingPath[]
}

/**
 * Reads `lockstep.config.{ts,js,mjs,cjs,json,jsonc,json5,yaml,yml,toml}` of a folder, or the file that was named. A file that was named must
 * exist; the one that is looked for may be absent. What root would obey is read only if no other user can change it.
 */
export async function readConfigFile(
  { directory, named }: { directory: string; named?: string | undefined },
  reading: ConfigReading,
): Promise<ReadConfig> {
  const nothing = { values: [], faults: [], config: null, deciding: [] }
  const found = locate(directory, named)
  if ('fault' in found) return { ...nothing, faults: [found.fault] }
  const { file } = found
  if (file === null) return nothing
  const deciding: DecidingPath[] = [
    {
      what: 'configuration file',
      path: file,
      use: isCode(file) ? 'executed' : 'obeyed',
      instead: 'keep it in a folder of root, such as /etc, and name it with --config',
    },
  ]
  const untrusted = untrustedFaults(deciding, reading.rule)
  if (untrusted.length > 0) return { ...nothing, faults: untrusted }
  const strange = unapproved(file, reading)
  if (strange) return { ...nothing, faults: [strange], deciding }
  let bytes: Buffer
  try {
    bytes = readAndNote(file)
  } catch (error) {
    return { ...nothing, deciding, faults: [unreadable(file, whyFileFails(error), error)] }
  }
  try {
    const digest = nodeCrypto().createHash('sha256').update(bytes).digest('hex')
    const { content, taken } = await load(file, { bytes, digest, reading })
    return {
      ...readNested(content, {
        kind: 'config',
        file: relative(directory, file) || file,
        path: file,
        directory: dirname(file),
      }),
      config: { file, isCode: isCode(file), content, taken, digest },
      deciding,
    }
  } catch (error) {
    return { ...nothing, deciding, faults: [failed(file, error)] }
  }
}

/** `null` when no file was named and none is there. */
function locate(
  directory: string,
  named: string | undefined,
): { readonly file: string | null } | { readonly fault: Fault } {
  const wanted = named === undefined ? null : resolve(directory, named)
  try {
    const found = wanted === null ? findConfigFiles(directory) : [wanted]
    if (found.length > 1) return { fault: ambiguous(found) }
    const file = found[0] ?? null
    if (file !== null) return isFile(file) ? { file } : { fault: noFile(file) }
    const misnamed = misnamedConfigFile(directory)
    return misnamed === null ? { file } : { fault: nearName(misnamed) }
  } catch (error) {
    // Whether a closed folder holds one, or one behind links in a circle, can't be seen, and it would be dropped.
    if (codeOf(error) === '') throw error
    return {
      fault: unreadable(wanted ?? (error as NodeJS.ErrnoException).path ?? directory, whyFileFails(error)),
    }
  }
}

function noFile(path: string): Fault {
  const found = statSync(path, { throwIfNoEntry: false })
  return found
    ? unreadable(path, `it is ${kindOfFile(found)}`)
    : unreadable(path, 'there is no such file', null, 'Create the file, or name another with --config.')
}

/** Of several, all but one would be dropped in silence. */
function ambiguous([first, ...others]: readonly string[]): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `Lockstep reads one configuration file, but there are several: ${[first, ...others].join(', ')}.`,
    hint: 'Keep one of them, or choose one with --config.',
    source: first,
  }
}

async function load(
  file: string,
  {
    bytes,
    digest,
    reading: { cause, before, served, signal },
  }: { bytes: Uint8Array; digest: string; reading: ConfigReading },
): Promise<Pick<ConfigFile, 'content' | 'taken'>> {
  if (!isCode(file)) return { content: await loadConfigFile(file, { bytes }), taken: 'read' }
  if (cause === 'start') {
    rememberLoader()
    return { content: await loadConfigFile(file, { bytes, signal }), taken: 'loaded' }
  }
  if (cause === 'renewal') return { content: before?.content, taken: 'kept' }
  try {
    const content = await loadInProcess({ file, served }, (path) => ofStart(before, path))
    return { content, taken: 'loaded' }
  } catch (error) {
    // Root may keep a file to itself; as long as it has not changed, its values have not either.
    const isClosed = isAccessDenied(error)
    if (isClosed && served !== null && digest === before?.digest)
      return { content: before.content, taken: 'kept' }
    throw error
  }
}

/** What the start has loaded there is used on, as an app in memory is. */
function ofStart(before: ConfigFile | null, path: readonly string[]): unknown {
  const value = valueAt(before?.content, path)
  return typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : newInMemory
}

/** Stands for a function or an app that a file has gained since the start. Nothing but its presence is of use. */
function newInMemory(): never {
  throw new Error('it is in a configuration file, whose functions are only read at the start')
}

/** Code that was not there at the start is not run later. */
function unapproved(file: string, { cause, before }: ConfigReading): Fault | null {
  if (cause === 'start' || !isCode(file) || before?.file === file) return null
  return {
    code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
    message: `The configuration file ${file} was not read at the start, and its code would run now.`,
    hint: 'Stop the server and start it again to take it up, remove the file, or write the values as JSON, YAML or TOML.',
    source: file,
  }
}

function failed(file: string, error: unknown): Fault {
  if (error instanceof LaunchError) return error.faults[0] ?? unreadable(file, error.message)
  const message = messageOf(error)
  const cure = cures[codeOf(error)]
  // Only the module's name matters, not the list of files that lead to it.
  if (cure !== undefined)
    return unreadable(file, summary(message).replace(/ Require stack:.*$/, ''), null, cure)
  if (error instanceof UnreadableText) return unreadable(file, message, undefined, error.hint)
  // The parsers of data quote the text around the place, and it may contain a secret.
  const quotes = !isCode(file) && /pass|key|pfx/i.test(textOf(file))
  return quotes
    ? unreadable(file, withoutQuotes(summary(message)))
    : unreadable(file, summary(message), error)
}

const cures: Readonly<Record<string, string>> = {
  ERR_UNKNOWN_FILE_EXTENSION: 'Use a file that ends in .ts, .js, .json, .yaml or .toml.',
  ERR_MODULE_NOT_FOUND: 'Install that module, or correct the import.',
  MODULE_NOT_FOUND: 'Install that module, or correct the import.',
}

/** Empty when it can't be read as text: then no parser has quoted it. */
function textOf(file: string): string {
  const read = readText(readFileSync(file))
  return read.kind === 'text' ? read.text : ''
}

function nearName(file: string): Fault {
  return {
    ...unreadable(file, 'its name is not quite that of a configuration file'),
    hint: 'Rename it: the name is in lower case, such as lockstep.config.json. Or name it with --config.',
  }
}

/** V8 quotes as `..."text"...` or `"text"`, others between backticks. */
function withoutQuotes(message: string): string {
  return message.replaceAll(/,? ?(?:\.\.\.)?(["`]).*\1(?:\.\.\.)?/g, '').replaceAll(/ +/g, ' ')
}

/** Some parsers draw the place below their message. The cause contains that drawing. */
function summary(message: string): string {
  return (message.split(/\n\s*\n/)[0] ?? message).replaceAll(/\s+/g, ' ')
}

function unreadable(file: string, reason: string, cause?: unknown, hint?: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
    message: `The configuration file ${file} cannot be read: ${reason}.`,
    hint: hint ?? 'Fix the file, or name another with --config.',
    source: file,
    cause,
  }
}
