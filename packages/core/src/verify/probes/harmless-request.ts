import type { ServedProtocol } from '../../plan/launch-plan.ts'

/**
 * A request that does not reach the app. It must be asked, since under TLS 1.3 a client's handshake ends before the server has
 * judged its certificate. Over HTTP/1 it is a request without a target, which every HTTP server answers with 400 by itself
 * (RFC 9112 section 3); over HTTP/2 it is the preface with empty SETTINGS, which the server must answer with its own SETTINGS
 * (RFC 9113 section 3.4).
 */
export const harmlessRequests: Readonly<Record<ServedProtocol, Buffer>> = {
  'http/1.1': Buffer.from('LOCKSTEP\r\n\r\n'),
  h2: Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    // Length 0 in three bytes, type SETTINGS, no flag, stream 0 in four.
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ]),
}

/** The same with the secret of the plan, by which the server knows that its launcher asks. HTTP/2 has no room for it in a preface. */
export function harmlessRequest(protocol: ServedProtocol, secret: string | undefined): Buffer {
  return protocol === 'h2' || secret === undefined
    ? harmlessRequests[protocol]
    : Buffer.from(`LOCKSTEP ${secret}\r\n\r\n`)
}

/** Whether a client has sent what the launcher sends to check what it serves. */
export function isHarmlessRequest(bytes: Buffer | undefined): boolean {
  return (
    bytes !== undefined &&
    bytes.length < 100 &&
    /^LOCKSTEP(?: [\w-]+)?\r\n\r\n$/.test(bytes.toString('latin1'))
  )
}

/** Whether the first bytes of an answer are of this protocol. */
export function isAnswer(bytes: Buffer, protocol: ServedProtocol): boolean {
  const settings = 4
  return protocol === 'h2' ? bytes[3] === settings : bytes.toString('latin1', 0, 5) === 'HTTP/'
}
