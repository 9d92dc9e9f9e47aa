import { safeSearchPath } from '../system/find-program.ts'

/** Where the shell looks up the programs of a command of the user's. Root's does not look into the current folder. */
export function searchPath(): string {
  return process.geteuid?.() === 0 ? safeSearchPath() : (process.env['PATH'] ?? '')
}

/** The settings of this process of Node, which it passes on to workers. */
export function nodeSettings(): { readonly nodeOptions: string; readonly flags: readonly string[] } {
  return { nodeOptions: process.env['NODE_OPTIONS'] ?? '', flags: process.execArgv }
}
