import { suggest } from '@lockstep/core/internal'
import type { Command } from './commands/command.ts'

/** Words that other launchers have for what a command does here. A command of that name would come first. */
const ours: Readonly<Record<string, readonly string[]>> = {
  run: ['start', 'launch', 'dev', 'up', 'daemon'],
  ps: ['ls', 'list', 'l'],
  status: ['describe', 'show', 'info', 'monit', 'dashboard', 'health'],
  stop: ['kill', 'quit', 'halt', 'down', 'delete', 'del', 'shutdown', 'end', 'term'],
  reload: ['hup', 'refresh', 'graceful'],
  'reopen-logs': ['reopen', 'reloadlogs', 'flush', 'rotate'],
  plan: ['config', 'options', 'env'],
  check: ['validate', 'lint', 'configtest', 'doctor'],
  conformance: ['test', 'verify'],
}

export interface TriedCommand {
  /** The words after it. */
  readonly args: readonly string[]
  readonly commands: readonly Command[]
}

/** What was meant by a word that is not a command. `undefined` if it resembles none, and other launchers have no such command either. */
export function hintForCommand(word: string, { args, commands }: TriedCommand): string | undefined {
  const names = commands.map(({ name }) => name)
  const meant = commandMeantBy(word)
  if (meant !== undefined && names.includes(meant))
    return `The command for that is \`${['lockstep', meant, ...args].join(' ')}\`. \`lockstep help\` lists all.`
  if (word.toLowerCase() === 'logs')
    return 'The log goes to the terminal, or where the service manager keeps it, as in `journalctl -u NAME`.'
  const near = suggest(word, names) ?? names.find((name) => name.endsWith(` ${word}`))
  return near === undefined ? undefined : `Did you mean ${near}? \`lockstep help\` lists the commands.`
}

/** The command that does what this word means in another launcher. */
function commandMeantBy(word: string): string | undefined {
  const name = word.toLowerCase()
  return Object.keys(ours).find((command) => ours[command]?.includes(name))
}
