import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileOfCommand } from './command-of-dependency.ts'
import { type Manifest, readManifest } from './read-manifest.ts'
import { readStartScript } from './read-start-script.ts'

/** The scripts that start a server in most projects, the likeliest first. */
const usual = ['start', 'dev', 'serve', 'preview']

/** How else a folder without an app could be served, by its package.json and its index.html; empty, when nothing is found. */
export function otherWays(folder: string, { from }: { from: string }): string {
  const scripts = scriptsOf(folder)
  const script = usual.find((name) => scripts[name] !== undefined)
  return [
    ...(script === undefined ? [] : [runScript(script, { folder, from })]),
    ...(existsSync(join(folder, 'index.html'))
      ? [`To serve the files of the folder: \`lockstep serve ${relative(from, folder) || '.'}\`.`]
      : []),
  ].join(' ')
}

/** How to serve what a script of the package.json starts, when an app is named like that script; else `null`. */
export function asScript(name: string, folder: string): string | null {
  const script = scriptsOf(folder)[name]
  if (script === undefined) return null
  return runFile(name, { script, folder }) ?? runScript(name, { folder, from: folder })
}

/** How to serve a program that a package brings, when an app is named like its command, such as `json-server`; else `null`. */
export function asCommand(name: string, folder: string): string | null {
  if (!/^[\w.@-]+$/.test(name)) return null
  const file = fileOfCommand(name, { folder, manifest: manifestOf(folder) })
  return file === null
    ? null
    : `${name} is a command of an installed package: \`lockstep run ${relative(folder, file)}\`. What follows \`--\` is for the command.`
}

/** The first script of a folder that starts a file by Node, as `start:prod` of NestJS; `null`: there is none. */
export function nodeScript(folder: string): string | null {
  for (const [name, script] of Object.entries(scriptsOf(folder))) {
    const found = runFile(name, { script, folder })
    if (found !== null) return found
  }
  return null
}

/** The names of servers in the guides of most frameworks, the likeliest first. */
const usualNames = ['server', 'app', 'index', 'main', 'src/server', 'src/app', 'src/index', 'src/main']

/** The file of a folder that most likely is the app, as a sentence; `null`: none has a usual name. */
export function usualFile(folder: string, extensions: readonly string[]): string | null {
  for (const name of usualNames)
    for (const extension of extensions) {
      if (extension === '' || !existsSync(join(folder, `${name}${extension}`))) continue
      return `There is a file ${name}${extension}: \`lockstep run ${name}${extension}\`. Or name another one.`
    }
  return null
}

function runFile(name: string, { script, folder }: { script: string; folder: string }): string | null {
  const read = readStartScript(script, { nodeFlags: [], folder, runsIn: folder, commandOf: () => null })
  if (!('file' in read) || !/^[\w./@-]+$/.test(read.file)) return null
  return `The script ${name} of package.json starts ${read.file} by Node: \`lockstep run ${read.file}\`.`
}

/** The words go to npm as they are, so the name must not need quotes. */
function runScript(name: string, { folder, from }: { folder: string; from: string }): string {
  const where = folder === from ? '' : `--chdir ${relative(from, folder)} `
  const command = `lockstep exec ${where}-- npm run ${name}`
  return `package.json has the script ${name}. \`${command}\` serves the program that it starts, if that listens on the variable PORT. Else pass the port: \`${command} -- --port {port}\`.`
}

function scriptsOf(folder: string): Readonly<Record<string, string>> {
  const named = Object.entries(manifestOf(folder).scripts ?? {}).filter(
    ([name, script]) => /^[\w:.-]+$/.test(name) && typeof script === 'string',
  )
  return Object.fromEntries(named) as Record<string, string>
}

function manifestOf(folder: string): Manifest {
  try {
    return readManifest(join(folder, 'package.json'))
  } catch {
    return {} // These are hints only: a package.json that can't be read has none.
  }
}
