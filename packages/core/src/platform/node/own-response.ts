import { http, membersOfNode } from './node-http.ts'

/**
 * Node's response with its methods as they were when Lockstep was loaded. An app in the same process may replace those of `http.ServerResponse`,
 * as restify and tracing do, and what Lockstep answers by itself must not depend on them.
 */
export class OwnResponse extends http.ServerResponse {}

for (const { prototype } of [http.OutgoingMessage, http.ServerResponse]) {
  const { constructor: _, ...members } = { ...membersOfNode.get(prototype) }
  Object.defineProperties(OwnResponse.prototype, members)
}
