import { isAbsolute, relative } from 'node:path'
import { splitNodeOptions } from '../../trust/node-preloads.ts'
import type { CommandOfDependency } from './command-of-dependency.ts'

/** What a start script asks for, as far as it is `node FILE`, or a command that runs in Node, with what belongs to that. */
export interface StartScript {
  readonly file: string
  /** The command that the file is behind; `null`: the script names the file. */
  readonly command: string | null
  /** For the app, as after `node FILE`. */
  readonly args: readonly string[]
  /** What the script loads before the app, as it names it. */
  readonly imports: readonly string[]
  readonly variables: Readonly<Record<string, string>>
}

/** Why a script can't be taken over, and what to do. */
export interface ForeignScript {
  readonly reason: string
  readonly cure: string
  /** It is a single command that starts Node. */
  readonly startsNode: boolean
  /** The command of Lockstep that does all that the script asks for, with what it needs in the environment, for people. */
  readonly instead: string | null
}

/** What can't be taken over, and what does the same. */
interface Obstacle {
  readonly reason: string
  /** Words for the command line of Lockstep. */
  readonly options?: readonly string[]
  /** An assignment for the environment. */
  readonly variable?: string
  /** For NODE_OPTIONS. */
  readonly nodeFlag?: string
  readonly hint?: string
}

/** Without effect on the Node that runs Lockstep, which does the same by itself. */
const withoutEffect = new Set(['--experimental-strip-types', '--experimental-vm-modules', '--no-warnings'])

const preloadFlags = ['--import', '--require', '-r'] as const

/** Variables that decide what the launcher does: options do that here. */
const ofLauncher = /^(?:LOCKSTEP_.*|PORT|HOST|WEB_CONCURRENCY|NODE_OPTIONS)$/

/** A variable in front of a command. */
const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/

const needsShell = /[|&;<>$`(){}*?~#\\\n]/

/**
 * Reads the start script of a package, and runs nothing. Only a single command is read, since another one would not run. `nodeFlags`: those
 * of this process, which honours them already. `commandOf`: finds a command of a dependency, such as `next`.
 */
export function readStartScript(
  script: string,
  {
    nodeFlags,
    folder,
    runsIn,
    commandOf,
  }: {
    nodeFlags: readonly string[]
    folder: string
    /** The folder in which the app runs. */
    runsIn: string
    commandOf: (command: string) => CommandOfDependency | null
  },
): StartScript | ForeignScript {
  const asProgram = `Run it as a program that Lockstep serves, if it listens on the variable PORT: \`lockstep exec --chdir ${folder} -- npm start\`. Or name the file that it starts.`
  if (needsShell.test(script)) {
    const cure = readLast(script, { nodeFlags, folder, runsIn, commandOf }) ?? asProgram
    return { reason: 'it is more than one command, or needs a shell', cure, startsNode: false, instead: null }
  }
  const words = wordsOf(script)
  const { variables, obstacles } = takeVariables(words)
  const startsNode = isNode(words[0])
  const program = words.shift() ?? ''
  const refused = (reason: string, cure: string): ForeignScript => ({
    reason,
    cure,
    startsNode,
    instead: null,
  })
  const judge = (read: StartScript): StartScript | ForeignScript => {
    if (obstacles.length === 0) return read
    const instead = insteadOf(read, { obstacles, folder, runsIn })
    const hints = obstacles.flatMap(({ hint }) => hint ?? [])
    return {
      reason: obstacles.map(({ reason }) => reason).join(', and '),
      cure: [`Use ${instead}.`, ...hints].join(' '),
      startsNode,
      instead,
    }
  }
  if (!startsNode) {
    const found = commandOf(program) ?? {
      reason: `${program} is neither node nor a command of an installed dependency`,
    }
    if ('reason' in found) return refused(found.reason, asProgram)
    return judge({ file: found.file, command: program, args: words, imports: [], variables })
  }
  const flags = takeFlags(words, nodeFlags)
  obstacles.push(...flags.obstacles)
  const [file, ...args] = words
  if (file === undefined) return refused('it names no file', 'Name the file that is served.')
  return judge({ file, command: null, args, imports: flags.imports, variables })
}

/** What to do with a script that ends in the command of a server, as `npm run build && node dist/server.js` does. */
function readLast(script: string, reading: Parameters<typeof readStartScript>[1]): string | null {
  const commands = script.split('&&').map((command) => command.trim())
  const last = commands.pop() ?? ''
  if (commands.length === 0 || needsShell.test(last)) return null
  const read = readStartScript(last, reading)
  const instead = 'reason' in read ? read.instead : insteadOf(read, { ...reading, obstacles: [] })
  if (instead === null) return null
  return `Run what comes before the server by itself, \`${commands.join(' && ')}\`, and then ${instead}.`
}

/** The command of Lockstep that does what the whole script asks for, and what it needs in the environment. */
function insteadOf(
  { file, args, imports, variables }: StartScript,
  { obstacles, folder, runsIn }: { obstacles: readonly Obstacle[]; folder: string; runsIn: string },
): string {
  const words = [
    'lockstep run',
    isAbsolute(file) ? relative(folder, file) : file,
    ...(folder === runsIn ? [] : ['--chdir', folder]),
    ...imports.flatMap((name) => ['--import', name]),
    ...obstacles.flatMap(({ options }) => options ?? []),
    ...(args.length > 0 ? ['--', ...args] : []),
  ]
  const node = obstacles.flatMap(({ nodeFlag }) => nodeFlag ?? [])
  const environment = [
    ...Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`),
    ...obstacles.flatMap(({ variable }) => variable ?? []),
    ...(node.length > 0 ? [`NODE_OPTIONS='${node.join(' ')}'`] : []),
  ]
  const command = `\`${words.map((word, index) => (index === 0 ? word : quoted(word))).join(' ')}\``
  return environment.length > 0 ? `${command}, with ${environment.join(' ')} in the environment` : command
}

function quoted(word: string): string {
  return /^[^\s"]+$/.test(word) ? word : `"${word}"`
}

/** Takes the variables in front of the command off the words. */
function takeVariables(words: string[]): { variables: Record<string, string>; obstacles: Obstacle[] } {
  const variables: Record<string, string> = {}
  const obstacles: Obstacle[] = []
  if (words[0] === 'cross-env') words.shift()
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const [, name, value] = assignment.exec(word) ?? []
    if (name === undefined || value === undefined) break
    words.shift()
    if (!ofLauncher.test(name)) {
      variables[name] = value
      continue
    }
    const option = optionOf[name]
    obstacles.push({
      reason: `it sets ${name}, which is an option here`,
      ...(option === undefined ? { variable: `${name}=${quoted(value)}` } : { options: [option, value] }),
    })
  }
  return { variables, obstacles }
}

function isNode(program: string | undefined): boolean {
  return program === 'node' || program === 'tsx'
}

/** Takes the flags of Node off the front of the words. */
function takeFlags(
  words: string[],
  nodeFlags: readonly string[],
): { imports: string[]; obstacles: Obstacle[] } {
  const imports: string[] = []
  const obstacles: Obstacle[] = []
  for (let word = words[0]; word?.startsWith('-'); word = words[0]) {
    words.shift()
    if (word === '--') break
    const preload = preloadFlags.find((flag) => word === flag || word?.startsWith(`${flag}=`))
    if (preload !== undefined) {
      imports.push(word === preload ? (words.shift() ?? '') : word.slice(preload.length + 1))
      continue
    }
    if (withoutEffect.has(word) || nodeFlags.includes(word)) continue
    const [name = '', value] = word.split('=', 2)
    const reason = `it starts node with ${word}`
    if (name === '--env-file' || name === '--env-file-if-exists')
      obstacles.push({ reason, options: ['--dotenv', value ?? words.shift() ?? 'FILE'] })
    else if (name.startsWith('--watch')) obstacles.push({ reason, hint: '`lockstep reload` loads it again.' })
    else obstacles.push({ reason, nodeFlag: word })
  }
  return { imports, obstacles }
}

/** The options that these variables are here. */
const optionOf: Readonly<Record<string, string>> = {
  PORT: '--port',
  HOST: '--host',
  WEB_CONCURRENCY: '--workers',
}

/** White space divides, unless it is quoted. */
function wordsOf(script: string): string[] {
  return (script.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''))
}

/** The flags of a process of Node, from its command line and from NODE_OPTIONS. */
export function flagsOfNode({
  nodeOptions,
  flags,
}: {
  nodeOptions: string
  flags: readonly string[]
}): string[] {
  return [...flags, ...splitNodeOptions(nodeOptions)]
}
