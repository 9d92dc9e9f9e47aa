import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LaunchHandle } from '../launch/launch-handle.ts'
import { answerVerb, verbOf } from './answer-verb.ts'
import { controlLimits } from './control-limits.ts'

/** Answers the requests of one control socket. */
export function answerRequests(
  handle: () => LaunchHandle | undefined,
): (request: IncomingMessage, response: ServerResponse) => void {
  let underWay = 0
  const asked = new WeakSet<object>()
  return (request, response) => {
    const { socket } = request
    // One connection, one request. What else is sent on it is not read: no verb has a body.
    if (asked.has(socket)) return void socket.destroy()
    asked.add(socket)
    response.shouldKeepAlive = false
    socket.pause()
    response.once('finish', () => {
      const late = setTimeout(() => socket.destroy(), controlLimits.answerMs).unref()
      socket.once('close', () => clearTimeout(late))
    })
    const refuse = (status: number): void => void response.writeHead(status).end()
    if (hasBody(request)) return refuse(413)
    // Not by `new URL()`, which throws for some targets that a client can send, such as `//`.
    const [path = '', query] = (request.url ?? '').split('?', 2)
    const verb = verbOf(request.method, path)
    if (!verb) return refuse(404)
    const launch = handle()
    // Before the server is ready, there is nothing to show or to change.
    if (!launch) return refuse(503)
    if (underWay >= controlLimits.verbs && verb !== 'stop') return refuse(429)
    underWay += 1
    void answerVerb(verb, { handle: launch, given: new URLSearchParams(query), response }).finally(() => {
      underWay -= 1
    })
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}
