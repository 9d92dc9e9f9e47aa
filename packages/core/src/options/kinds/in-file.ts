import { quoteForShell } from '../../trust/quote-for-shell.ts'

/** A cure whose command names a file: `FILE` is replaced by its path. */
export function inFile(cure: string, file: string): string {
  return cure.replaceAll('FILE', () => quoteForShell(file))
}
