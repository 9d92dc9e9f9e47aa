import { nodeTls } from '../node/node-tls.ts'
import type { PrivatePlace } from './private-place.ts'

/** What a handshake at a place on this machine may take. */
const handshakeMs = 3_000

/** Names of options that switch TLS on, such as `--ssl-keyfile`, `--certfile` and `--https`. */
const inWords = /ssl|tls|https|cert/i
/** Such as LANGFLOW_SSL_CERT_FILE. Left out is what clients read. */
const inNames = /^(?!SSL_CERT|NODE_|LOCKSTEP_|PYTHON|GIT_|CURL_|REQUESTS_)(?:.*_)?(?:SSL|TLS|HTTPS)(?:_|$)/

/**
 * Whether a program speaks TLS itself at its private address. It is only tried when its words or its environment may ask for that: a program that
 * speaks HTTP logs the attempt as a request that it can't read.
 */
export async function speaksOwnTls(place: PrivatePlace, words: readonly string[]): Promise<boolean> {
  return mayAskForTls(words, Object.keys(process.env)) && takesHandshake(place)
}

export function mayAskForTls(words: readonly string[], variables: readonly string[]): boolean {
  return words.some((word) => inWords.test(word)) || variables.some((name) => inNames.test(name))
}

function takesHandshake(place: PrivatePlace): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const where = place.kind === 'tcp' ? { host: place.host, port: place.port } : { path: place.path }
  // Whose certificate it is does not matter here: nothing is sent.
  const socket = nodeTls().connect({ ...where, rejectUnauthorized: false })
  const end = (isTls: boolean): void => {
    socket.destroy()
    resolve(isTls)
  }
  socket.setTimeout(handshakeMs, () => end(false))
  socket.once('secureConnect', () => end(true))
  socket.once('error', () => end(false))
  socket.once('close', () => end(false))
  return promise
}
