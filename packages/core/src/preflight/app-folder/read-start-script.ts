import { splitNodeOptions } from '../../trust/node-preloads.ts'

/** What a start script asks for, as far as it is `node FILE` with what belongs to that. */
export interface StartScript {
  readonly file: string
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

/**
 * Reads the start script of a package, and runs nothing. Only a single command is read, since another one would not run. `nodeFlags`: those
 * of this process, which honours them already.
 */
export function readStartScript(
  script: string,
  { nodeFlags, folder }: { nodeFlags: readonly string[]; folder: string },
): StartScript | ForeignScript {
  const asProgram = `Run it as a program that Lockstep serves, if it listens on the variable PORT: \`lockstep exec --chdir ${folder} -- npm start\`. Or name the file that it starts.`
  if (/[|&;<>$`(){}*?~#\\\n]/.test(script))
    return { reason: 'it is more than one command, or needs a shell', cure: asProgram, startsNode: false }
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
  if (!startsNode) return { reason: `${program} is not node`, cure: asProgram, startsNode }
  const flags = readFlags(words, nodeFlags)
  if ('reason' in flags) return { ...flags, startsNode }
  const [file, ...args] = words
  if (file === undefined)
    return { reason: 'it names no file', cure: 'Name the file that is served.', startsNode }
  return { file, args, imports: flags.imports, variables }
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
