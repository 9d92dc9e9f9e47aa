import { currentFolder, type Fault, isPlaceOfApp, LaunchError, type ReadArgv } from '@lockstep/core/internal'
import type { Command } from './commands/command.ts'
import { hintForCommand, type TriedCommand } from './hint-for-command.ts'

/** A word that could be a command: no path, no extension, no export. */
const wordOfCommand = /^[a-z][a-z-]*$/i

/**
 * The fault of a first word that is meant as a command (`lockstep stauts`), before anything is read or loaded: it resembles one, and there is
 * no file of that name. `null` where it may be an app.
 */
export function mistypedCommand(
  { positionals, values }: ReadArgv,
  { words, commands }: { words: readonly string[]; commands: readonly Command[] },
): Fault | null {
  const [first] = positionals
  // What follows an unknown flag may be its value, and a secret. The first word of all can't be.
  if (first === undefined || first !== words[0]) return null
  // Relative to a folder that is not known here.
  if (values.some(({ name }) => name === 'chdir')) return null
  return hintForCommand(first, { args: positionals.slice(1), commands }) === undefined || !isOnlyWord(first)
    ? null
    : notCommand(first, { args: positionals.slice(1), commands })
}

/** An app that was not found is a command that does not exist, if its name is a word alone. */
export function withCommandFault(
  failure: LaunchError,
  { first, commands }: { first: string | undefined; commands: readonly Command[] },
): LaunchError {
  if (first === undefined || !isOnlyWord(first)) return failure
  const isSought = failure.faults.some(({ message }) => message.startsWith(`There is no app at ${first}.`))
  return isSought ? new LaunchError(notCommand(first, { args: [], commands })) : failure
}

function isOnlyWord(word: string): boolean {
  return wordOfCommand.test(word) && !isPlaceOfApp(word, currentFolder())
}

function notCommand(word: string, tried: TriedCommand): Fault {
  return {
    code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
    message: `"${word}" is not a command, and there is no file of this name.`,
    hint:
      hintForCommand(word, tried) ??
      `\`lockstep help\` lists the commands. An app is named by its path, as in \`lockstep run ./${word}.js\`.`,
  }
}
