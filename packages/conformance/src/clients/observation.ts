/** What a client saw of one exchange, in words that are the same for every client. */
export interface Observation {
  readonly client: ClientName
  readonly outcome: 'served' | 'refused' | 'silent'
  /** Of the HTTP response. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly tls: ObservedSession | null
  /** Why it was refused: an alert, or how the connection ended. */
  readonly reason: string
  /** The TLS alert that ended it, in the words of RFC 8446 section 6, such as `protocol version`; `null` when none came. */
  readonly alert: string | null
}

export type ClientName = 'node' | 'openssl' | 'curl' | 'raw'

export interface ObservedSession {
  readonly version: string
  /** The standard's name of the suite. */
  readonly cipher: string
  /** Of the key exchange, such as `X25519`; `null` if the client does not report it. */
  readonly group: string | null
  /** SHA-256 of the leaf, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** Common names of the certificates that were sent, leaf first. */
  readonly chain: readonly string[]
  readonly alpn: string | null
  readonly resumed: boolean
}

/** The alert in what OpenSSL, and all that is built on it, says of a failure. */
export function alertIn(text: string): string | null {
  const found = /alert[ _]((?:[a-z]+[ _])*[a-z]+)/i.exec(text)?.[1]
  return found === undefined ? null : found.toLowerCase().replaceAll('_', ' ').replace(/ ssl$/, '')
}
