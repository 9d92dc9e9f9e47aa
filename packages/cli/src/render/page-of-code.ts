import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { currentFolder, pageOfErrors } from '@lockstep/core/internal'
import { packageFolder } from '../package-folder.ts'
import { nearPath } from './near-path.ts'

/**
 * Where the reader finds the page that explains an error code: its file in this package, as a path from the current folder if it is below that. An
 * installation whose docs were removed has a link instead. The other pages that messages name (`docs/tls.md`) are in the same folder.
 */
export function pageOfCode(code: string): string {
  const file = fileURLToPath(new URL('docs/errors.md', packageFolder))
  if (!existsSync(file)) return pageOfErrors(code)
  return nearPath(file, currentFolder())
}
