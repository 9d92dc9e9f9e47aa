/** Tells a path from PEM text: only the latter has an encapsulation boundary (RFC 7468 section 2). */
export function isPemPath(value: string | Uint8Array): value is string {
  return typeof value === 'string' && !value.includes('-----BEGIN')
}

/** Base64 without its PEM header, given where a path was meant: it must not reach a log. */
export function looksLikeKeyMaterial(path: string): boolean {
  return /[A-Za-z0-9+/=]{100,}$/.test(path)
}
