import { createRequire } from 'node:module'

/** winston, loaded at once and not by `import()`: the last line of a process that ends by a fault must be written before it has ended. */
export function loadWinston(): typeof import('./winston.ts') {
  const require = createRequire(import.meta.url)
  return require('./winston.cjs') as typeof import('./winston.ts')
}
