import {
  type CommandFlag,
  type Completes,
  LaunchError,
  type LauncherBrand,
  type OptionName,
  type ReadArgv,
} from '@lockstep/core/internal'
import type { Reporter } from './reporter.ts'

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Output {
  out(text: string): void
  err(text: string): void
  /** From now on, the end of the process waits at most this long for the readers of what was written. */
  limitPatience?(ms: number): void
  /**
   * The process belongs to the command and ends with it, so that signal handlers may stay until then, and those of the app are kept
   * apart. Without it, a program has called `main()`, and gets its process back as it was.
   */
  readonly ownsProcess?: boolean
}

/** A flag that belongs to one command alone. */
export interface DescribedFlag extends CommandFlag {
  readonly summary: string
  readonly placeholder?: string
  /** What a shell completes its value with. Unset, nothing. */
  readonly completes?: Completes | { readonly words: readonly string[]; readonly also: 'files' }
}

/** A command line that was read, without the words that name the command. */
export interface CommandLine extends ReadArgv {
  /** The product whose launcher this is; unset, Lockstep itself. */
  readonly brand?: LauncherBrand | undefined
  /** All commands of this launcher, in the order of the help. */
  readonly commands: readonly Command[]
  /** How what goes wrong is written. */
  readonly report: Reporter
}

export interface Command {
  /** One word or two. */
  readonly name: string
  readonly summary: string
  /** Names of its arguments, for the help. `…` in the last one: it may be given several times. */
  readonly positionals: readonly string[]
  /** What the words after `--` are, for the help. Default: `[-- ARGS]`, for the app; empty: there are none. */
  readonly rest?: string
  readonly flags: Readonly<Record<string, DescribedFlag>>
  /** Whether the options of a launch can be given. */
  readonly takesOptions: boolean
  /** Options of a launch that it always refuses, so that its help leaves them out. */
  readonly neverHonours?: readonly OptionName[]
  /** Returns the exit code. Throws a `LaunchError` for a fault. */
  run(line: CommandLine, output: Output): Promise<number>
}

/** The text of a flag that takes one value. */
export function flagText(line: ReadArgv, name: string): string | undefined {
  const given = line.commandFlags.get(name) ?? []
  const last = given.at(-1)
  if (new Set(given).size > 1) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `--${name} is given ${given.length} times (${given.join(', ')}), and takes one value.`,
      hint: 'Leave all but one out.',
      source: `--${name}`,
    })
  }
  return typeof last === 'string' ? last : undefined
}
