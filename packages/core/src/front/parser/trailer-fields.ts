/**
 * Whether a field may be in a trailer section, by its name in lower case. RFC 9110 section 6.5.1 forbids those that a recipient needs before the body: for its
 * framing, for routing and authentication, or to know what the body is. A program that merges trailers into the head would take them for checked ones.
 */
export function mayTrail(name: string): boolean {
  return !forbidden.test(name)
}

const forbidden =
  /^(?:host|te|trailer|transfer-encoding|upgrade|connection|keep-alive|expect|max-forwards|range|if-.*|cache-control|pragma|authorization|www-authenticate|proxy-.*|cookie|set-cookie|content-(?:length|type|encoding|range|language|location|disposition)|location|age|date|expires|vary|retry-after)$/
