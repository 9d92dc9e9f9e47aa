/**
 * `node:http` without its browser-like exports. An `import` of it reads every export, and `WebSocket` and its like then load the whole
 * of undici: 12 MB and 15 ms of every process, and Lockstep doesn't use it.
 */
export const http = process.getBuiltinModule('node:http')

/** What Node's prototypes of requests and responses had when Lockstep was loaded, which is before an app is. */
export const membersOfNode: ReadonlyMap<object, PropertyDescriptorMap> = new Map<
  object,
  PropertyDescriptorMap
>(
  [http.IncomingMessage, http.OutgoingMessage, http.ServerResponse].map(({ prototype }) => [
    prototype,
    Object.getOwnPropertyDescriptors(prototype) as unknown as PropertyDescriptorMap,
  ]),
)
