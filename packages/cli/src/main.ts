import {
  asLaunchError,
  currentFolder,
  type Fault,
  LaunchError,
  optionsBesideConfig,
  type ReadArgv,
  readArgv,
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
import { helpFlags, helpOn } from './commands/help.ts'
import { planCommand } from './commands/plan/plan.ts'
import { psCommand } from './commands/ps/ps.ts'
import { reloadCommand } from './commands/reload/reload.ts'
import { reopenLogsCommand } from './commands/reopen-logs/reopen-logs.ts'
import { createReporter, type ReporterOfLine } from './commands/reporter.ts'
import { restartCommand } from './commands/restart/restart.ts'
import { runCommand } from './commands/run/run.ts'
import { scaleCommand } from './commands/scale/scale.ts'
import { serveCommand } from './commands/serve/serve.ts'
import { stacksCommand } from './commands/stacks/stacks.ts'
import { statusCommand } from './commands/status/status.ts'
import { stopCommand } from './commands/stop/stop.ts'
import { type FoundCommand, findCommand } from './find-command.ts'
import { type BrandedCommand, inBrand } from './in-brand.ts'
import { resultJson } from './json/write-json.ts'
import { mistypedCommand, withCommandFault } from './mistyped-command.ts'
import { switchColorsOff } from './render/style.ts'
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
  const end = words.indexOf('--')
  // Known before the line is read, since reading it may fail.
  const own = end < 0 ? words : words.slice(0, end)
  let line: ReadArgv | undefined
  const report = createReporter(output, {
    asJson: own.includes('--json'),
    optionsSoFar: () => (line ? optionsBesideConfig(line.values, brand) : null),
  })
  if (own.includes('--no-color')) switchColorsOff()
  try {
    return await dispatch(words, {
      output,
      brand,
      report,
      onRead: (read) => {
        line = read
      },
    })
  } catch (error) {
    const failure = withCommandFault(asLaunchError(error), { first: words[0], commands: commandsOf(brand) })
    report.failed(failure)
    return failure.exitCode
  }
}

/** Those that a user of this launcher has. */
function commandsOf(brand: BrandedCommand | undefined): readonly Command[] {
  return brand ? commandsOfProduct : commands
}

async function dispatch(
  words: readonly string[],
  {
    output,
    brand,
    report,
    onRead,
  }: {
    output: Output
    brand: BrandedCommand | undefined
    report: ReporterOfLine
    onRead: (line: ReadArgv) => void
  },
): Promise<number> {
  const commands = commandsOf(brand)
  let found: FoundCommand = { command: runCommand, named: 0 }
  const line = readArgv(words, {
    directory: currentFolder(),
    brand,
    everyFlag: Object.assign({}, helpFlags, ...commands.map(({ flags }) => flags)) as Command['flags'],
    flagsOf(positionals) {
      found = findCommand(positionals, commands)
      return { ...found.command.flags, ...helpFlags }
    },
  })
  report.useCommand(found.command.name)
  onRead(line)
  const { command, named, fault } = found
  // Only an app has arguments of its own.
  const positionals = [...line.positionals, ...(command.takesOptions ? [] : (line.rest ?? []))].slice(named)

  const asksForHelp = line.commandFlags.has('help')
  if (asksForHelp || line.positionals[0] === 'help') {
    const topic = line.positionals.filter((word) => word !== 'help')
    // An app may be there, and its arguments are none of ours.
    const isOfApp = asksForHelp && named === 0 && !fault && !mistypedCommand(line, { words, commands })
    report.useCommand('help')
    // Colours are for a terminal, and JSON is for programs.
    if (report.asJson) switchColorsOff()
    const text = helpOn(isOfApp ? [] : topic, { commands, brand })
    output.out(report.asJson ? resultJson('help', { text }) : text)
    return 0
  }
  if (line.commandFlags.has('version')) {
    const shown = brand?.version ?? version
    output.out(report.asJson ? resultJson('--version', { version: shown }) : `${shown}\n`)
    return 0
  }
  const mistyped = fault ?? (named === 0 ? mistypedCommand(line, { words, commands }) : null)
  if (mistyped) throw new LaunchError(mistyped)
  if (!command.takesOptions)
    throwFaults([
      ...line.faults.map((fault) => inWordsOf(command, fault)),
      ...line.values.map(({ source }) => notOfCommand(source.label, command)),
    ])
  // The value of an unknown flag looks like an argument. Report the flag, not the value.
  const takesMany = command.positionals.at(-1)?.includes('…')
  const stray = !takesMany && positionals.length > command.positionals.length && line.faults.length === 0
  if (stray) throw new LaunchError(tooMany(positionals, { command, named, commands }))
  return command.run({ ...line, positionals, brand, commands, report }, output)
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
      hint: suggestion(first, names, '`lockstep help` lists the commands.'),
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
    hint:
      'name' in command.flags
        ? `A server is selected by its name or its process id: \`lockstep ${command.name} --name ${first}\`. \`lockstep ps\` lists them.`
        : command.takesOptions
          ? `Arguments for the app come after \`--\`. \`lockstep ${command.name} --help\` lists the options.`
          : `\`lockstep ${command.name} --help\` shows the usage.`,
  }
}
