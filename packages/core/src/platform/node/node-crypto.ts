/** `node:crypto`, loaded when it is first used: 3 MB that a primary without TLS does not need. */
export function nodeCrypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}
