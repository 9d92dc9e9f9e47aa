/**
 * The target of a request as an origin server takes it: RFC 9112 section 3.2. One of absolute-form, which only a proxy may get, becomes one of
 * origin-form. `null`: it is none, or has a character that could end it.
 */
export function originTarget(url: string, method: string): string | null {
  const target = url.charCodeAt(0) === slash ? url : withoutAuthority(url, method)
  return target === null || invalid.test(target) ? null : target
}

const slash = '/'.charCodeAt(0)

/** A fragment is never sent (RFC 9112 section 3.2), and servers differ in what they make of one. */
const invalid = /[^\x21\x22\x24-\x7e\x80-\xff]/

function withoutAuthority(url: string, method: string): string | null {
  if (url === '*') return method === 'OPTIONS' ? url : null
  const rest = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/is.exec(url)?.[1]
  if (rest === undefined) return null
  if (rest === '') return method === 'OPTIONS' ? '*' : '/'
  return rest.startsWith('/') ? rest : `/${rest}`
}
