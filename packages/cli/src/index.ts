export * from '@lockstep/core'

/** The command line: runs it and resolves with its exit code. Loaded when it is called, since a program that embeds the launcher has none. */
export const main: typeof import('./main.ts').main = async (...line) =>
  (await import('./main.ts')).main(...line)
