import type { Http2Session } from 'node:http2'
import { symbolMember } from './symbol-member.ts'

/** Time for the turn of the event loop in which Node releases the last streams, on a busy machine too. */
const keptMs = 500

const kept = new Set<unknown>()

/**
 * Keeps the native part of an HTTP/2 session for a while after its `close`. A trick: `kHandle` is private to Node, and `session.destroy()` drops
 * it. A stream whose header fields are invalid, and which the client then resets, stays for one more turn. If the garbage collector runs
 * in that turn and takes the session first, Node aborts the process: `~Http2Session()` of `src/node_http2.cc` finds memory that is still in use.
 * Without the member, the session is as Node has it.
 */
export function keepNativeSession(session: Http2Session): void {
  const native = symbolMember(session, 'kHandle')
  session.once('close', () => {
    kept.add(native)
    setTimeout(() => setImmediate(() => kept.delete(native)), keptMs).unref()
  })
}
