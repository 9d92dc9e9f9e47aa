import { statSync } from 'node:fs'
import { isPemPath } from '../options/kinds.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { modeOpenToOthers } from '../platform/file-mode.ts'

/**
 * Files with secrets in them that others on this machine may read. A warning, not a fault: containers mount secrets with such
 * modes, and there is no option yet by which a user could say that this is meant.
 */
export function secretFileWarnings(options: ResolvedOptions): string[] {
  const { 'tls.key': key, 'tls.passphraseFile': passphraseFile } = options
  return [
    ...(key.value !== null && isPemPath(key.value) ? [{ what: 'private key', file: key.value }] : []),
    ...(passphraseFile.value === null ? [] : [{ what: 'passphrase file', file: passphraseFile.value }]),
  ].flatMap(({ what, file }) => {
    const mode = statSync(file, { throwIfNoEntry: false })?.isFile() ? modeOpenToOthers(file) : null
    return mode === null
      ? []
      : [`The ${what} ${file} can be read by others on this machine (mode ${mode}): chmod 600 ${file}`]
  })
}
