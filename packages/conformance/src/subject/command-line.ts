import type { LockstepConfig, OptionName } from '@lockstep/core'
import { optionNames } from '@lockstep/core/backend'
import { optionRow, variableName } from '@lockstep/core/internal'

/** A launch as a person would write it: flags where there are any, else variables, else a configuration file. */
export interface CommandLine {
  readonly command: 'run' | 'exec'
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The configuration file's content; `null` when it is not needed. */
  readonly config: LockstepConfig | null
}

export function commandLine(options: LockstepConfig): CommandLine {
  const args: string[] = []
  const env: Record<string, string> = {}
  const config: [OptionName, unknown][] = []
  const last: string[] = []
  // What follows `--` is then the program.
  const isProgram = given(options, 'command') !== undefined
  for (const name of optionNames) {
    const value = given(options, name)
    if (value === undefined || value === null) continue
    const values = Array.isArray(value) ? value : [value]
    const flag = optionRow(name).flags.find((each) => each.startsWith('--'))
    const isText = values.every((each) => typeof each !== 'object' || isBytes(each))
    if (!isText || (values.length > 1 && values.some(isMaterial))) config.push([name, inJson(value)])
    else if (name === 'app') args.push(String(value))
    else if (name === 'command' || (name === 'args' && !isProgram)) last.push('--', ...values.map(String))
    else if (name === 'args') env[variableName(name)] = JSON.stringify(values)
    else if (typeof value === 'boolean' && flag) args.push(value ? flag : flag.replace('--', '--no-'))
    else if (flag && !values.some(isMaterial)) for (const each of values) args.push(flag, String(each))
    else env[variableName(name)] = values.map(textOf).join('\n')
  }
  args.push(...unknownFlags(options), ...last)
  return {
    command: isProgram ? 'exec' : 'run',
    args,
    env,
    config: config.length === 0 ? null : nested(config),
  }
}

/** A name that is not an option becomes the flag that a user would write for it. */
function unknownFlags(options: object, path: readonly string[] = []): string[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const name = [...path, key].join('.')
    if (optionNames.some((known) => known === name) || value === undefined) return []
    if (optionNames.some((known) => known.startsWith(`${name}.`)))
      return unknownFlags(value as object, [...path, key])
    return [
      `--${name.replaceAll('.', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${String(value)}`,
    ]
  })
}

function given(options: LockstepConfig, name: OptionName): unknown {
  return name
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], options)
}

/** PEM text and bytes are handed over in the environment: a command line is visible to every user of the machine. */
function isMaterial(value: unknown): boolean {
  return isBytes(value) || (typeof value === 'string' && value.includes('-----BEGIN'))
}

/** JSON has no bytes: PEM is text anyway. */
function inJson(value: unknown): unknown {
  return Array.isArray(value) ? value.map(inJson) : isBytes(value) ? textOf(value) : value
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array

const textOf = (value: unknown): string => (isBytes(value) ? Buffer.from(value).toString() : String(value))

function nested(entries: readonly [OptionName, unknown][]): LockstepConfig {
  const root: Record<string, unknown> = {}
  for (const [name, value] of entries) {
    const keys = name.split('.')
    const leaf = keys.pop() ?? name
    let level = root
    for (const key of keys) {
      level[key] ??= {}
      level = level[key] as Record<string, unknown>
    }
    level[leaf] = value
  }
  return root
}
