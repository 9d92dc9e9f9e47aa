/** What a client saw of one exchange, in words that are the same for every client. */
export interface Observation {
  readonly outcome: 'served' | 'refused' | 'silent'
  /** Of the HTTP response. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly tls: ObservedSession | null
  /** Why it was refused: an alert, or how the connection ended. */
  readonly reason: string
}

export interface ObservedSession {
  readonly version: string
  readonly cipher: string
  /** SHA-256 of the leaf, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** Subjects of the certificates that were sent, leaf first. */
  readonly chain: readonly string[]
  readonly alpn: string | null
  readonly resumed: boolean
}
