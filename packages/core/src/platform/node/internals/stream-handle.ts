/** A stream's own handle, as far as it is used here. */
interface StreamHandle {
  readonly fd?: number
  setBlocking?(on: boolean): number
}

/**
 * The handle under a stream. A trick: `_handle` is private to Node, and no public way says which descriptor a stream has, or makes its writes
 * block or not. When Node changes: see `lib/net.js` and `lib/tty.js`. `null` when there is none; then writes stay as they are.
 */
export function streamHandle(stream: unknown): StreamHandle | null {
  return (stream as { readonly _handle?: StreamHandle | null } | null | undefined)?._handle ?? null
}
