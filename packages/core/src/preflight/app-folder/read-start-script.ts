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
}

type Reason = Omit<ForeignScript, 'startsNode'>

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
    commandOf,
  }: {
    nodeFlags: readonly string[]
    folder: string
    commandOf: (command: string) => CommandOfDependency | null
  },
): StartScript | ForeignScript {
  const asProgram = `Run it as a program that Lockstep serves, if it listens on the variable PORT: \`lockstep exec --chdir ${folder} -- npm start\`. Or name the file that it starts.`
  if (needsShell.test(script)) {
    const cure = readLast(script, { nodeFlags, folder, commandOf }) ?? asProgram
    return { reason: 'it is more than one command, or needs a shell', cure, startsNode: false }
  }
  const words = wordsOf(script)
  const startsNode = isNode(words.find((word) => word !== 'cross-env' && !assignment.test(word)))
  const variables: Record<string, string> = {}
  if (words[0] === 'cross-env') words.shift()
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const [, name, value] = assignment.exec(word) ?? []
    if (name === undefined || value === undefined) break
    if (ofLauncher.test(name))
      return {
        reason: `it sets ${name}, which is an option here`,
        cure: `Name the file, and set ${cureOf(name, value)}.`,
        startsNode,
      }
    variables[name] = value
    words.shift()
  }
  const program = words.shift() ?? ''
  if (!startsNode) {
    const found = commandOf(program) ?? {
      reason: `${program} is neither node nor a command of an installed dependency`,
    }
    if ('reason' in found) return { reason: found.reason, cure: asProgram, startsNode }
    return { file: found.file, command: program, args: words, imports: [], variables }
  }
  const flags = readFlags(words, nodeFlags)
  if ('reason' in flags) return { ...flags, startsNode }
  const [file, ...args] = words
  if (file === undefined)
    return { reason: 'it names no file', cure: 'Name the file that is served.', startsNode }
  return { file, command: null, args, imports: flags.imports, variables }
}

/** What to do with a script that ends in the command of a server, as `npm run build && node dist/server.js` does. */
function readLast(script: string, reading: Parameters<typeof readStartScript>[1]): string | null {
  const commands = script.split('&&').map((command) => command.trim())
  const last = commands.pop() ?? ''
  if (commands.length === 0 || needsShell.test(last)) return null
  const read = readStartScript(last, reading)
  if ('reason' in read || read.imports.length > 0 || Object.keys(read.variables).length > 0) return null
  const file = isAbsolute(read.file) ? relative(reading.folder, read.file) : read.file
  const words = ['lockstep run', file, ...(read.args.length > 0 ? ['--', ...read.args] : [])]
  return `Run what comes before the server by itself, \`${commands.join(' && ')}\`, and then \`${words.join(' ')}\`.`
}

function isNode(program: string | undefined): boolean {
  return program === 'node' || program === 'tsx'
}

/** Takes the flags of Node off the front of the words. */
function readFlags(words: string[], nodeFlags: readonly string[]): { imports: string[] } | Reason {
  const imports: string[] = []
  for (let word = words[0]; word?.startsWith('-'); word = words[0]) {
    words.shift()
    if (word === '--') break
    const preload = preloadFlags.find((flag) => word === flag || word?.startsWith(`${flag}=`))
    if (preload !== undefined) {
      imports.push(word === preload ? (words.shift() ?? '') : word.slice(preload.length + 1))
      continue
    }
    if (withoutEffect.has(word) || nodeFlags.includes(word)) continue
    return {
      reason: `it starts node with ${word}`,
      cure: word.startsWith('--env-file')
        ? 'Name the file that is served, and use --dotenv FILE.'
        : word.startsWith('--watch')
          ? 'Name the file that is served. `lockstep reload` loads it again.'
          : `Set it for Node itself, as in NODE_OPTIONS='${word}', or name the file that is served.`,
    }
  }
  return { imports }
}

function cureOf(name: string, value: string): string {
  switch (name) {
    case 'PORT':
      return `--port ${value}`
    case 'HOST':
      return `--host ${value}`
    case 'WEB_CONCURRENCY':
      return `--workers ${value}`
    default:
      return `${name} in the environment`
  }
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
