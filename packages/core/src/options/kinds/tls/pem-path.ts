import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { currentFolder } from '../../../platform/process/current-folder.ts'

/** Distinguishes a path from PEM text: only PEM text has an encapsulation boundary (RFC 7468 section 2). */
export function isPemPath(value: string | Uint8Array): value is string {
  return typeof value === 'string' && !value.includes('-----BEGIN')
}

/**
 * Whether text that was given where a path was meant may be a key instead: PEM without its first line, or base64. Then it must not reach
 * a message. A path that exists is a path; of any other only the part is looked at that does not exist. A backslash before an `n` says
 * nothing: it may be an escaped line break, and a folder of Windows such as `C:\nginx`.
 */
export function looksLikeKeyText(path: string): boolean {
  if (/[\r\n]|-----/.test(path)) return true
  const missing = path.slice(existingPart(path).length)
  return (missing.match(/[A-Za-z0-9+/=_-]{24,}/g) ?? []).some((run) =>
    [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(run)),
  )
}

/** Key text, or a bare word that names no file: where the path of a passphrase file was meant, it may be the passphrase itself. */
export function maybePassphrase(path: string): boolean {
  if (existsSync(path)) return false
  return looksLikeKeyText(path) || (dirname(path) === currentFolder() && !basename(path).includes('.'))
}

function existingPart(path: string): string {
  if (existsSync(path)) return path
  const parent = dirname(path)
  return parent === path ? '' : existingPart(parent)
}
