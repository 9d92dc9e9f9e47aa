/** `node:tls`, loaded when it is first used: 4 MB that a primary without TLS does not need. */
export function nodeTls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls')
}
