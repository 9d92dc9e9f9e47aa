import type { ServerResponse } from 'node:http'

/**
 * The value of a header field in the head that a response over HTTP/1.1 has sent. A trick: `_header` is private to Node. Nothing public
 * returns a field that was given to `writeHead()` alone. When Node changes: see `_storeHeader()` in its `lib/_http_outgoing.js`. Without that
 * property this returns `undefined`, and such a response is taken for one that sets no such field.
 */
export function sentField(response: ServerResponse, name: string): string | undefined {
  const { _header: head } = response as { _header?: unknown }
  return typeof head === 'string' ? new RegExp(`^${name}:([^\\r\\n]*)`, 'im').exec(head)?.[1] : undefined
}
