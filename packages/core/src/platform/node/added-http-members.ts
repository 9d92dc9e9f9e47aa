import { http, membersOfNode } from './node-http.ts'

const { IncomingMessage, OutgoingMessage, ServerResponse } = http

export interface AddedMembers {
  readonly added: PropertyDescriptorMap
  /** The name of Node's own method that each of these is, as of the `_writeHead` that restify keeps. */
  readonly originals: ReadonlyMap<string | symbol, string>
}

/** What an app has added to the prototype of Node's requests, as restify does. */
export function addedToRequests(): AddedMembers {
  return addedTo([IncomingMessage.prototype])
}

/** What an app has added to the prototypes of Node's responses. */
export function addedToResponses(): AddedMembers {
  return addedTo([OutgoingMessage.prototype, ServerResponse.prototype])
}

/** Changes when a member is added. It costs less than to read all of them. */
export function countHttpMembers(): number {
  return [...membersOfNode.keys()].reduce((sum, prototype) => sum + Reflect.ownKeys(prototype).length, 0)
}

function addedTo(prototypes: readonly object[]): AddedMembers {
  const nodes = prototypes.map((prototype) => membersOfNode.get(prototype) ?? {})
  const added: PropertyDescriptorMap = {}
  const originals = new Map<string | symbol, string>()
  for (const [at, prototype] of prototypes.entries())
    for (const key of Reflect.ownKeys(prototype)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(prototype, key)
      if (Object.hasOwn(nodes[at] ?? {}, key) || descriptor === undefined) continue
      Object.defineProperty(added, key, { value: descriptor, enumerable: true, configurable: true })
      const original = nodes.flatMap(Object.entries).find(([, { value }]) => isSame(value, descriptor.value))
      if (original) originals.set(key, original[0])
    }
  return { added, originals }
}

function isSame(one: unknown, other: unknown): boolean {
  return typeof one === 'function' && one === other
}
