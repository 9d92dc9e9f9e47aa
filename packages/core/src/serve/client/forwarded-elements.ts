/** What one proxy says of the request that it got: RFC 7239 section 4. Each value as it stands, without its quotes. */
export type ForwardedElement = Readonly<Record<string, string>>

const token = "[!#$%&'*+.^_`|~\\w-]+"
const pair = new RegExp(`[ \\t]*(?:(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*([;,]|$)`, 'y')

/**
 * The elements of a `Forwarded` field, that of the last proxy last. `null` for a field that is not well-formed: where a client has left a
 * quote open, what a proxy appends is a part of the client's text.
 */
export function forwardedElements(text: string): readonly ForwardedElement[] | null {
  const elements: ForwardedElement[] = []
  let element: Record<string, string> | null = null
  pair.lastIndex = 0
  for (;;) {
    const [, name, plain, quoted, end] = pair.exec(text) ?? []
    if (end === undefined) return null
    if (name !== undefined) {
      element ??= Object.create(null) as Record<string, string>
      const key = name.toLowerCase()
      // Each parameter must not occur more than once.
      if (key in element) return null
      element[key] = plain ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1')
    }
    if (end === ';') continue
    // A list may have empty elements: RFC 9110 section 5.6.1.2.
    if (element) elements.push(element)
    element = null
    if (end === '') return elements
  }
}
