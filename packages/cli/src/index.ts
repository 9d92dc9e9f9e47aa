export * from '@lockstep/core'

/**
 * The command line: runs it and resolves with its exit code. Loaded when it is called, since a program that embeds the launcher has none.
 *
 * @example
 * ```ts
 * import { main } from 'lockstep'
 *
 * const lines: string[] = []
 * const output = { out: (text: string) => lines.push(text), err: (text: string) => lines.push(text) }
 * process.exitCode = await main(['check', 'app.js'], output)
 * ```
 */
export const main: typeof import('./main.ts').main = async (...line) =>
  (await import('./main.ts')).main(...line)
