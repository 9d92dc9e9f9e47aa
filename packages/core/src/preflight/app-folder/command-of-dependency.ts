import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { statIfReachable } from '../../platform/files/stat-if-reachable.ts'
import type { Manifest } from './read-manifest.ts'

/** The file of a command of a dependency, or why that file is not the app. */
export type CommandOfDependency = { readonly file: string } | { readonly reason: string }

/** What starts the server in a process of its own: nothing of it could be served in this one. */
const startsAnother = new Set([
  ...['concurrently', 'cross-env-shell', 'dotenv', 'dotenvx', 'env-cmd', 'forever', 'nest', 'nodemon'],
  ...['npm-run-all', 'pm2', 'pm2-docker', 'pm2-runtime', 'run-p', 'run-s', 'ts-node-dev', 'tsnd'],
])

/**
 * Finds the file behind a command that npm puts into `node_modules/.bin`, such as `next`, by `bin` of the dependency's own package.json
 * (https://docs.npmjs.com/cli/configuring-npm/package-json#bin). Only dependencies that a production install has (`npm install
 * --omit=dev`) are followed. `null`: no installed dependency has that command.
 */
export function commandOfDependency(
  command: string,
  { folder, manifest }: { folder: string; manifest: Manifest },
): CommandOfDependency | null {
  for (const name of [...namesIn(manifest.dependencies), ...namesIn(manifest.optionalDependencies)]) {
    const file = fileOf(command, { name, folder })
    if (file === null) continue
    if (command === 'lockstep') return { reason: 'it starts Lockstep itself' }
    if (startsAnother.has(command)) return { reason: `${command} starts the server in a process of its own` }
    return isForNode(file) ? { file } : { reason: `${command} is not a program for Node` }
  }
  const forDevelopment = namesIn(manifest.devDependencies).find(
    (name) => fileOf(command, { name, folder }) !== null,
  )
  return forDevelopment === undefined
    ? null
    : { reason: `${command} is a command of ${forDevelopment}, which is a dependency for development alone` }
}

/** The file of a command of any dependency, if it is a program for Node; `null`: there is none. */
export function fileOfCommand(
  command: string,
  { folder, manifest }: { folder: string; manifest: Manifest },
): string | null {
  const { dependencies, optionalDependencies, devDependencies } = manifest
  for (const name of [dependencies, optionalDependencies, devDependencies].flatMap(namesIn)) {
    const file = fileOf(command, { name, folder })
    if (file !== null) return isForNode(file) ? file : null
  }
  return null
}

function namesIn(dependencies: unknown): string[] {
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : []
}

/** The file of a command of one package, if that is installed for this folder, or for one above it. */
function fileOf(command: string, { name, folder }: { name: string; folder: string }): string | null {
  const root = installed(name, folder)
  if (root === null) return null
  let bin: unknown
  try {
    bin = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin?: unknown }).bin
  } catch {
    return null // npm could not read it either.
  }
  const path =
    typeof bin === 'string'
      ? name.replace(/^@[^/]*\//, '') === command && bin
      : typeof bin === 'object' &&
        bin !== null &&
        Object.hasOwn(bin, command) &&
        (bin as Record<string, unknown>)[command]
  if (typeof path !== 'string') return null
  const file = resolve(root, path)
  return statIfReachable(file)?.isFile() === true ? file : null
}

function installed(name: string, folder: string): string | null {
  const root = join(folder, 'node_modules', name)
  if (statIfReachable(join(root, 'package.json'))?.isFile() === true) return root
  const above = dirname(folder)
  return above === folder ? null : installed(name, above)
}

/** Some packages bring a program for the system, and not for Node. */
function isForNode(file: string): boolean {
  return /^\.[cm]?js$/.test(extname(file)) || /^#!.*\bnode\b/.test(firstLine(file))
}

function firstLine(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(128)
    const length = readSync(descriptor, start)
    return start.toString('latin1', 0, length).split('\n', 1)[0] ?? ''
  } finally {
    closeSync(descriptor)
  }
}
