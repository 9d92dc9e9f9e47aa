import { type Fault, suggestion } from '@lockstep/core/internal'
import type { Command } from './commands/command.ts'
import { runCommand } from './commands/run/run.ts'

export interface FoundCommand {
  readonly command: Command
  /** How many words name it. */
  readonly named: number
  /** The words begin as those of a command of two words, and go on otherwise. */
  readonly fault?: Fault
}

/** The command that the arguments name (`cert create` has two words), or `run`, which needs no name. */
export function findCommand(positionals: readonly string[], commands: readonly Command[]): FoundCommand {
  for (const command of commands) {
    const name = command.name.split(' ')
    if (name.every((word, index) => positionals[index] === word)) return { command, named: name.length }
  }
  const nothing = { command: runCommand, named: 0 }
  const [first = ''] = positionals
  const group = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name)
  return group.length === 0 ? nothing : { ...nothing, fault: notOfGroup(positionals.slice(0, 2), group) }
}

function notOfGroup(given: readonly string[], known: readonly string[]): Fault {
  const [group = '', second] = given
  const list = `The commands are ${known.join(', ')}.`
  return second === undefined
    ? {
        code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
        message: `Missing argument: what \`lockstep ${group}\` is to do.`,
        hint: list,
      }
    : {
        code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
        message: `\`lockstep ${given.join(' ')}\` is not a command.`,
        hint: suggestion(given.join(' '), known, list),
      }
}
