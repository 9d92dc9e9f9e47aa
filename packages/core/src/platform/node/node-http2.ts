/** `node:http2`, loaded when it is first used: a primary never serves. */
export function nodeHttp2(): typeof import('node:http2') {
  return process.getBuiltinModule('node:http2')
}
