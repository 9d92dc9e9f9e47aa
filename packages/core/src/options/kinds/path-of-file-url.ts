import { fileURLToPath } from 'node:url'

/** `https://…`, `file:…`; not the letter of a drive. */
const url = /^(file:|[a-z][a-z\d+.-]+:\/\/)/i

/**
 * The path that a `file:` URL names, as text or as a `URL` of any realm; any other value as it is. Throws for a URL that names no file of
 * this machine, and for one with a query or a fragment, which a path can't have.
 */
export function pathOfFileUrl(given: unknown): unknown {
  if (!isUrl(given) && !(typeof given === 'string' && url.test(given))) return given
  const { href, search, hash } = new URL(String(given))
  if (search !== '' || hash !== '') throw new TypeError('a query or a fragment')
  return fileURLToPath(href)
}

/** A `URL` of any realm. An app that is given in memory may be a proxy that throws at every question. */
export function isUrl(value: unknown): value is URL {
  try {
    return Object.prototype.toString.call(value) === '[object URL]'
  } catch {
    return false
  }
}
