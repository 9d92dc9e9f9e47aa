import { createRequire } from 'node:module'

/**
 * winston, loaded with the first log: a command that only answers a question needs none. What is published has it in one file
 * (scripts/bundle-package.mjs): to find and read the 116 that it and its dependencies consist of takes 7 MB and 20 ms of each process.
 */
export function loadWinston(): typeof import('winston') {
  const require = createRequire(import.meta.url)
  return require('winston') as typeof import('winston')
}
