import {
  type AddedMembers,
  addedToRequests,
  addedToResponses,
  countHttpMembers,
} from '../../platform/node/added-http-members.ts'

interface Exchange {
  readonly request: object
  readonly response: object
}

/**
 * Returns a function that copies to these prototypes what the app has added to those of requests and responses over HTTP/1.1, as restify does. It costs
 * little when nothing was added since, so it can be called for each connection. A method of Node that the app has replaced is not
 * copied: the new one would call the old one, which works over HTTP/1.1 alone.
 */
export function adoptAddedMembers({ request, response }: Exchange): () => void {
  let seen = -1
  return () => {
    const count = countHttpMembers()
    if (count === seen) return
    seen = count
    copy(request, addedToRequests())
    copy(response, addedToResponses())
  }
}

function copy(prototype: object, { added, originals }: AddedMembers): void {
  for (const key of Reflect.ownKeys(added)) {
    if (isOfExchange(prototype, key)) continue
    const original = originals.get(key)
    const descriptor =
      original === undefined
        ? (Reflect.get(added, key) as PropertyDescriptor)
        : { value: Reflect.get(prototype, original), writable: true, configurable: true }
    // So that the app can change it later.
    Object.defineProperty(prototype, key, { ...descriptor, configurable: true })
  }
}

/** Whether a class for HTTP/2 has it: ours, or Node's below it. */
function isOfExchange(prototype: object, key: string | symbol): boolean {
  return Object.hasOwn(prototype, key) || Object.hasOwn(Object.getPrototypeOf(prototype) as object, key)
}
