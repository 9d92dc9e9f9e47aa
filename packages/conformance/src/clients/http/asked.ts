import type { PairFiles } from '../../certificates.ts'

/** The request that every client can send: one GET on a new connection. */
export interface Asked {
  readonly host: string
  readonly port: number
  readonly path?: string
  /** Unset, plain HTTP. */
  readonly tls?: AskedTls
}

export interface AskedTls {
  /** The only version that is offered; unset, TLS 1.2 and 1.3. Below TLS 1.2 every cipher is offered, however weak. */
  readonly version?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** Of TLS 1.2, in OpenSSL's names. */
  readonly ciphers?: string
  readonly ciphersuites?: string
  /** Of the key exchange, with colons between. */
  readonly groups?: string
  readonly sigalgs?: string
  /** The certificate that the client shows. */
  readonly certificate?: Pick<PairFiles, 'certFile' | 'keyFile'>
  /** File of the roots that the client trusts; unset, it trusts anyone. */
  readonly trust?: string
  readonly alpn?: readonly string[]
  /** The name in the ClientHello; unset, none. */
  readonly servername?: string
}

/** What was asked, on one line, for reports. */
export function describeAsked({ path = '/', tls }: Asked): string {
  if (!tls) return `GET ${path} over plain HTTP`
  const { version, certificate, trust, alpn, ...others } = tls
  const parts = [
    version === undefined ? null : `only ${version}`,
    ...Object.entries(others).map(([name, value]) => `${name} ${String(value)}`),
    alpn ? `ALPN ${alpn.join(', ')}` : null,
    certificate ? 'with a client certificate' : null,
    trust ? 'trusting a root' : null,
  ].filter((part) => part !== null)
  return [`GET ${path} over TLS`, ...parts].join('; ')
}
