import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** winston, loaded with the first log: a command that only answers a question needs none. */
export function loadWinston(): typeof import('winston') {
  return require('winston') as typeof import('winston')
}
