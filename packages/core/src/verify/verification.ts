/** What the probe of one bound address saw, as a client. */
export interface EndpointVerification {
  /** As announced; `null` for a UNIX domain socket, which has no URL. */
  readonly url: string | null
  /** What was connected to, for example `127.0.0.1:3000` or `unix:/run/app.sock`. */
  readonly connectedTo: string
  readonly scheme: 'http' | 'https'
  /** `null` for plain HTTP. */
  readonly tls: ObservedTls | null
  /** Each property that was measured, in the order of the probes. */
  readonly checks: readonly VerificationCheck[]
}

/** The TLS connection of a probe, as its client saw it. */
export interface ObservedTls {
  /** `TLSv1.3` or `TLSv1.2`: the highest that both sides speak. */
  readonly version: string
  /** OpenSSL's or the standard's name of the cipher suite that was negotiated. */
  readonly cipher: string
  /** Key exchange group, for example `X25519`; `null` if Node does not report it. */
  readonly group: string | null
  /** SHA-256 of the leaf that was served, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** `null`: the server chose none. */
  readonly alpn: string | null
}

/** One property: what was asked for, and what was seen. */
export interface VerificationCheck {
  /** Stable: `scheme`, `certificate`, `min-version`, … */
  readonly name: string
  readonly passed: boolean
  readonly expected: string
  readonly observed: string
}

/** What Lockstep saw when it connected to its own addresses. */
export interface Verification {
  readonly endpoints: readonly EndpointVerification[]
  readonly at: Date
  readonly durationMs: number
}
