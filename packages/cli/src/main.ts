import {
  asLaunchError,
  currentFolder,
  type Fault,
  LaunchError,
  readArgv,
  suggest,
  suggestion,
  throwFaults,
} from '@lockstep/core/internal'
import { certCreateCommand } from './commands/cert/cert-create.ts'
import { certInspectCommand } from './commands/cert/cert-inspect.ts'
import { certTrustCommand, certUntrustCommand } from './commands/cert/cert-trust.ts'
import { checkCommand } from './commands/check/check.ts'
import type { Command, Output } from './commands/command.ts'
import { completionCommand } from './commands/completion/completion.ts'
import { conformanceCommand } from './commands/conformance/conformance.ts'
import { execCommand } from './commands/exec/exec.ts'
import { helpFlags, helpFor, helpForGroup } from './commands/help.ts'
import { planCommand } from './commands/plan/plan.ts'
import { psCommand } from './commands/ps/ps.ts'
import { reloadCommand } from './commands/reload/reload.ts'
import { reopenLogsCommand } from './commands/reopen-logs/reopen-logs.ts'
import { restartCommand } from './commands/restart/restart.ts'
import { runCommand } from './commands/run/run.ts'
import { scaleCommand } from './commands/scale/scale.ts'
import { serveCommand } from './commands/serve/serve.ts'
import { stacksCommand } from './commands/stacks/stacks.ts'
import { statusCommand } from './commands/status/status.ts'
import { stopCommand } from './commands/stop/stop.ts'
import { type BrandedCommand, inBrand } from './in-brand.ts'
import { renderFaults } from './render/faults.ts'
import { version } from './version.ts'

export const commands: readonly Command[] = [
  runCommand,
  serveCommand,
  execCommand,
  checkCommand,
  planCommand,
  psCommand,
  statusCommand,
  reloadCommand,
  scaleCommand,
  restartCommand,
  stacksCommand,
  reopenLogsCommand,
  stopCommand,
  certCreateCommand,
  certInspectCommand,
  certTrustCommand,
  certUntrustCommand,
  conformanceCommand,
  completionCommand,
]

/** A product runs its own app: its users start no other programs by it, serve no other folders, and judge no backends. */
const commandsOfProduct = commands.filter(
  (command) => ![serveCommand, execCommand, conformanceCommand].includes(command),
)

/** Runs a command line and returns its exit code. Never throws. */
export async function main(
  words: readonly string[],
  output: Output,
  brand?: BrandedCommand,
): Promise<number> {
  return brand ? run(words, inBrand(output, brand), brand) : run(words, output)
}

async function run(words: readonly string[], output: Output, brand?: BrandedCommand): Promise<number> {
  try {
    return await dispatch(words, output, brand)
  } catch (error) {
    const failure = asLaunchError(error)
    output.err(
      renderFaults(
        failure.faults.map((fault) => withCommand(fault, { first: words[0], commands: commandsOf(brand) })),
      ),
    )
    return failure.exitCode
  }
}

/** Those that a user of this launcher has. */
function commandsOf(brand: BrandedCommand | undefined): readonly Command[] {
  return brand ? commandsOfProduct : commands
}

/** A misspelt command looks like an app that is not there: `lockstep staus`. */
function withCommand(
  fault: Fault,
  { first = '', commands }: { first: string | undefined; commands: readonly Command[] },
): Fault {
  if (fault.code !== 'LOCKSTEP_ERR_APP_NOT_FOUND' || !/^[a-z-]+$/i.test(first)) return fault
  const near = suggest(
    first,
    commands.map(({ name }) => name),
  )
  return near === undefined || near === first
    ? fault
    : { ...fault, hint: `Did you mean the command \`lockstep ${near}\`? ${fault.hint}` }
}

async function dispatch(
  words: readonly string[],
  output: Output,
  brand: BrandedCommand | undefined,
): Promise<number> {
  const commands = commandsOf(brand)
  if (asksForCertHelp(words)) {
    output.out(helpForGroup('cert', commands))
    return 0
  }
  let found = { command: runCommand, named: 0 }
  const line = readArgv(words, {
    directory: currentFolder(),
    brand,
    everyFlag: Object.assign({}, helpFlags, ...commands.map(({ flags }) => flags)) as Command['flags'],
    flagsOf(positionals) {
      found = commandOf(positionals, commands)
      return { ...found.command.flags, ...helpFlags }
    },
  })
  const { command, named } = found
  // Only an app has arguments of its own.
  const positionals = [...line.positionals, ...(command.takesOptions ? [] : (line.rest ?? []))].slice(named)

  if (line.commandFlags.has('help') || line.positionals[0] === 'help') {
    output.out(
      helpFor(
        named > 0 || line.positionals[0] === 'help' ? helpTarget(line.positionals, commands) : null,
        commands,
        brand,
      ),
    )
    return 0
  }
  if (line.commandFlags.has('version')) {
    output.out(`${brand?.version ?? version}\n`)
    return 0
  }
  if (!command.takesOptions)
    throwFaults([
      ...line.faults.map((fault) => inWordsOf(command, fault)),
      ...line.values.map(({ source }) => notOfCommand(source.label, command)),
    ])
  // The value of an unknown flag looks like an argument. Report the flag, not the value.
  const takesMany = command.positionals.at(-1)?.includes('…')
  const stray = !takesMany && positionals.length > command.positionals.length && line.faults.length === 0
  if (stray) throw new LaunchError(tooMany(positionals, { command, named, commands }))
  return command.run({ ...line, positionals, brand, commands }, output)
}

/** The command that the arguments name (`cert create` has two words), or `run`, which needs no name. */
function commandOf(
  positionals: readonly string[],
  commands: readonly Command[],
): { command: Command; named: number } {
  for (const command of commands) {
    const name = command.name.split(' ')
    if (name.every((word, index) => positionals[index] === word)) return { command, named: name.length }
  }
  if (positionals[0] === 'cert') {
    const given = positionals.slice(0, 2).join(' ')
    const known = commands.map(({ name }) => name).filter((name) => name.startsWith('cert '))
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      message:
        given === 'cert'
          ? 'Missing argument: what `lockstep cert` is to do.'
          : `\`lockstep ${given}\` is not a command.`,
      hint: suggestion(given, known, `The commands are ${known.join(', ')}.`),
    })
  }
  return { command: runCommand, named: 0 }
}

/** `lockstep cert --help` and `lockstep help cert`: no command has that name alone. */
function asksForCertHelp(words: readonly string[]): boolean {
  const [first, second, ...others] = words
  if (others.length > 0) return false
  return (
    (first === 'cert' && (second === '--help' || second === '-h')) || (first === 'help' && second === 'cert')
  )
}

function helpTarget(positionals: readonly string[], commands: readonly Command[]): Command | null {
  const words = positionals.filter((word) => word !== 'help')
  const wanted = words.join(' ')
  const command = commands.find(({ name }) => wanted === name || wanted.startsWith(`${name} `))
  if (command || wanted === '') return command ?? null
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
    message: `"${wanted}" is not a command.`,
    hint: suggestion(
      wanted,
      commands.map(({ name }) => name),
      `The commands are ${commands.map(({ name }) => name).join(', ')}.`,
    ),
  })
}

/** A command that does not start an app has neither the options of a launch nor arguments for an app. */
function inWordsOf(command: Command, fault: Fault): Fault {
  const isAboutOptions =
    fault.code === 'LOCKSTEP_ERR_OPTION_UNKNOWN' &&
    /Arguments for the app|If the app is to get it/.test(fault.hint)
  return isAboutOptions && fault.source !== undefined ? notOfCommand(fault.source, command) : fault
}

function notOfCommand(flag: string, command: Command): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    message: `${flag} is not an option of \`lockstep ${command.name}\`.`,
    hint: suggestion(
      flag,
      Object.keys({ ...command.flags, ...helpFlags }).map((name) => `--${name}`),
      `\`lockstep ${command.name} --help\` lists them.`,
    ),
    source: flag,
  }
}

function tooMany(
  positionals: readonly string[],
  { command, named, commands }: { command: Command; named: number; commands: readonly Command[] },
): Fault {
  const names = commands.map(({ name }) => name)
  const first = positionals[0] ?? ''
  if (named === 0) {
    return {
      code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      message: `"${first}" is not a command. If it is an app, its arguments ("${positionals.slice(1).join(' ')}") come after \`--\`.`,
      hint: suggestion(first, names, `The commands are ${names.join(', ')}.`),
    }
  }
  if (command.rest) {
    return {
      code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      message: `Unexpected argument "${first}" of \`lockstep ${command.name}\`.`,
      hint: `Write \`--\` before the program: \`lockstep ${command.name} [options] -- ${positionals.join(' ')}\`.`,
    }
  }
  return {
    code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
    message: `Unexpected argument "${positionals[command.positionals.length]}" of \`lockstep ${command.name}\`.`,
    hint: command.takesOptions
      ? `Arguments for the app come after \`--\`. \`lockstep ${command.name} --help\` lists the options.`
      : `\`lockstep ${command.name} --help\` shows the usage.`,
  }
}
