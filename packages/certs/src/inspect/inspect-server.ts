import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { connect, type EphemeralKeyInfo, type TLSSocket } from 'node:tls'
import { CertificateError } from '../certificate-error.ts'
import { seeEverything, servedChain } from './served-chain.ts'

const deadlineMs = 5_000

/** What a server sent to a client that accepts everything. */
export interface ServedCertificates {
  readonly chain: readonly X509Certificate[]
  /** `null` when the server ended the handshake after it had shown its certificates: it may want one of ours. */
  readonly connection: ServedConnection | null
}

export interface ServedConnection {
  readonly protocol: string
  readonly cipher: string
  /** `null` if the runtime does not report it. */
  readonly group: string | null
  readonly alpn: string | null
  /** OpenSSL's reason to refuse the chain, such as `CERT_HAS_EXPIRED`; `null` when it finds none. */
  readonly refusal: string | null
}

/** Connects by TLS and returns what is served for a host. Throws `CertificateError` when no certificate is shown within 5 s. */
export async function inspectServer({
  host,
  port,
  serverName = isIP(host) ? undefined : host,
  trustedPems = [],
}: {
  host: string
  port: number
  /** The name that is asked for; unset, the host if it is a name (RFC 6066 section 3 allows no addresses). */
  serverName?: string | undefined
  /** The roots that OpenSSL uses to judge. */
  trustedPems?: readonly string[]
}): Promise<ServedCertificates> {
  const socket = connect({
    ...seeEverything,
    host,
    port,
    ...(serverName !== undefined && { servername: serverName }),
    ALPNProtocols: ['h2', 'http/1.1'],
    ca: [...trustedPems],
    // Whether the names fit is judged with the rest of the chain.
    checkServerIdentity: () => undefined,
  })
  let chain: X509Certificate[] = []
  // Keys are derived after the certificates have come and before ours is judged: so they are seen even then.
  socket.on('keylog', () => {
    if (chain.length === 0) chain = servedChain(socket)
  })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(deadlineMs) })
    return { chain, connection: connectionOf(socket) }
  } catch (cause) {
    if (chain.length > 0) return { chain, connection: null }
    throw unreachable({ host, port, cause })
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

function connectionOf(socket: TLSSocket): ServedConnection {
  const key = socket.getEphemeralKeyInfo() as EphemeralKeyInfo | null
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    group: key?.name ?? null,
    alpn: socket.alpnProtocol || null,
    // Declared as an error, and a text with its code.
    refusal: (socket.authorizationError as unknown as string | null) ?? null,
  }
}

function unreachable({
  host,
  port,
  cause,
}: {
  host: string
  port: number
  cause: unknown
}): CertificateError {
  const { code = '', message = '', name = '' } = cause as Partial<Error & { code: string }>
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'no program listens there',
    ENOTFOUND: 'the name is not known',
    EAI_AGAIN: 'the name could not be looked up',
    ECONNRESET: 'the connection was cut in the handshake',
    ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there does not speak TLS',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there does not speak TLS',
  }
  const reason = name === 'AbortError' ? `no answer in ${deadlineMs / 1_000} s` : (reasons[code] ?? message)
  return new CertificateError({
    code: 'LOCKSTEP_ERR_CERT_UNREACHABLE',
    message: `${host}:${port} shows no certificate: ${reason}.`,
    hint: 'Check the host and the port, and that it speaks TLS from the first byte.',
    cause,
  })
}
