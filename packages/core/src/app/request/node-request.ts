import type { IncomingMessage } from 'node:http'

/**
 * The request of Node for each `Request` of the Fetch API. The map is shared by name and not by module: the app may
 * have another copy of this package in its dependencies than the launcher that serves it.
 */
export function rememberNodeRequest(request: object, node: IncomingMessage): void {
  registry().set(request, node)
}

/** The request itself, when it is one of Node already. */
export function nodeRequestOf(request: object): IncomingMessage | null {
  const node = registry().get(request)
  if (node) return node
  return 'socket' in request ? (request as IncomingMessage) : null
}

const key = Symbol.for('lockstep.node-request')

function registry(): WeakMap<object, IncomingMessage> {
  const shared = globalThis as { [key]?: WeakMap<object, IncomingMessage> }
  shared[key] ??= new WeakMap()
  return shared[key]
}
