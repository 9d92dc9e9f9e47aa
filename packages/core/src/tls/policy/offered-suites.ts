import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** What clients have offered, by the connection below the TLS socket. */
const offered = new WeakMap<object, readonly number[]>()

/** Notes the cipher suites of a ClientHello, as far as its first bytes show them. */
export function noteOfferedSuites(socket: Socket, firstBytes: Uint8Array): void {
  const suites = suitesOfClientHello(firstBytes)
  if (suites) offered.set(socket, suites)
}

/**
 * Whether a client can use a suite of TLS 1.2 with this type of key; `null` when that is not known. The connection below a TLS socket is
 * a private field of Node: without it nothing is known, and the signature algorithms alone decide.
 */
export function offersSuiteFor(keyType: string, secured: TLSSocket): boolean | null {
  const { _parent: socket } = secured as { _parent?: object }
  const suites = socket && offered.get(socket)
  if (!suites) return null
  const isEcdsa = keyType !== 'rsa' && keyType !== 'rsa-pss'
  return suites.some((suite) => ecdsaSuites.has(suite) === isEcdsa && (isEcdsa || !otherSuites.has(suite)))
}

/** RFC 8446 section 4.1.2, in one record or the first of several; `null` for anything else. */
function suitesOfClientHello(bytes: Uint8Array): number[] | null {
  const [handshake, clientHello] = [22, 1]
  const sessionLength = bytes[43]
  if (bytes[0] !== handshake || bytes[5] !== clientHello || sessionLength === undefined) return null
  const start = 44 + sessionLength
  const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)
  if (length === 0 || start + 2 + length > bytes.length) return null
  const suites: number[] = []
  for (let index = start + 2; index < start + 2 + length; index += 2)
    suites.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0))
  return suites
}

/** Those of TLS 1.2 that are signed by ECDSA or EdDSA: RFC 4492, 5289, 6209, 6367, 7251 and 7905. */
const ecdsaSuites: ReadonlySet<number> = new Set([
  0xc0_06, 0xc0_07, 0xc0_08, 0xc0_09, 0xc0_0a, 0xc0_23, 0xc0_24, 0xc0_2b, 0xc0_2c, 0xc0_48, 0xc0_49, 0xc0_5c,
  0xc0_5d, 0xc0_72, 0xc0_73, 0xc0_86, 0xc0_87, 0xc0_ac, 0xc0_ad, 0xc0_ae, 0xc0_af, 0xcc_a9,
])

/** TLS 1.3, which has no type of key in its suites, and signals that are not suites (RFC 5746 and 7507). */
const otherSuites: ReadonlySet<number> = new Set([
  0x13_01, 0x13_02, 0x13_03, 0x13_04, 0x13_05, 0x00_ff, 0x56_00,
])
