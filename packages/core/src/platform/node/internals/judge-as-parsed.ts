import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Does what `shouldUpgradeCallback` does, for Node before 24.9: `onIncoming` of the parser sees the request when its headers have been read and
 * before Node takes it for an upgrade. This is private to Node, and those versions do not change it any more. Where it is missing,
 * every upgrade is handed to the app, as Node does.
 */
export function judgeAsParsed(socket: Socket, leavesHttp: (request: IncomingMessage) => boolean): void {
  const { parser } = socket as { parser?: { onIncoming?: unknown } }
  const original = parser?.onIncoming
  if (!parser || typeof original !== 'function') return
  parser.onIncoming = (request: IncomingMessage & { upgrade?: boolean }, ...rest: unknown[]) => {
    if (request.upgrade && request.method !== 'CONNECT' && !leavesHttp(request)) request.upgrade = false
    return original(request, ...rest)
  }
}
