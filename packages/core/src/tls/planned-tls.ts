import type { OptionValue } from '../options/option-table.ts'

/** TLS settings, checked and read: no path and no passphrase is left in them. */
export interface PlannedTls {
  /** What the default host serves: one chain for each type of key, at least one. */
  readonly chains: readonly PlannedChain[]
  /** Hosts with chains of their own. */
  readonly sni: readonly PlannedHost[]
  /** What happens to a client that asks for a host without a chain of its own. */
  readonly unknownHost: OptionValue<'tls.unknownHost'>
  /** What else is in use and ends: intermediates, and what clients are judged by. */
  readonly ending: readonly EndingFacts[]
  /** Of the first chain of the default host. */
  readonly leaf: LeafFacts
  /** Trust anchors for client certificates, as PEM; `null` when clients are not asked. */
  readonly ca: string | null
  /** Revocation lists of those, each as PEM; `null`: nothing is known to be revoked. */
  readonly crl: readonly string[] | null
  /** Whether clients are asked for a certificate, and whether one is required. */
  readonly clientAuth: OptionValue<'tls.clientAuth'>
  /** The lowest version that is spoken. */
  readonly minVersion: OptionValue<'tls.maxVersion'>
  /** The highest version that is spoken. */
  readonly maxVersion: OptionValue<'tls.maxVersion'>
  /** TLS 1.2 ciphers in OpenSSL's notation. */
  readonly ciphers: string
  /** TLS 1.3 cipher suites. */
  readonly ciphersuites: string
  /** Groups of the key exchange, in OpenSSL's notation. */
  readonly groups: string
  /** Signature algorithms, in OpenSSL's notation; `null`: OpenSSL's own list. */
  readonly sigalgs: string | null
  /** Diffie-Hellman parameters as PEM, or OpenSSL's own choice; `null`: no cipher that needs it is offered. */
  readonly dhparam: string | 'auto' | null
  /** Whether sessions are resumed at all. */
  readonly sessionTickets: boolean
  /** How long a session can be resumed, in milliseconds: whole seconds. */
  readonly sessionTimeoutMs: number
  /** A handshake that takes longer is given up, in milliseconds. */
  readonly handshakeTimeoutMs: number
  /** How long before its end the warnings about a certificate begin; see `expiringLeaves`. */
  readonly expiryWarningDays: OptionValue<'tls.expiryWarningDays'>
  /** 48 bytes, the same for every process, so that a session of one is resumed by another. */
  readonly ticketKeys: Uint8Array
}

/** What a client is shown that asks for this name. */
export interface PlannedHost {
  /** Lower-case ASCII, perhaps with `*` as its first label. */
  readonly host: string
  /** One for each type of key, at least one. */
  readonly chains: readonly PlannedChain[]
}

/** A certificate with its issuers and its key. */
export interface PlannedChain {
  /** PEM, leaf first. */
  readonly cert: string
  /** PKCS#8 PEM, already opened. */
  readonly key: string
  /** As Node names it: `rsa`, `ec`, `ed25519`, … */
  readonly keyType: string
  /** The TLS versions with which a client can use it, the lowest first. */
  readonly versions: readonly TlsVersion[]
  /** Of its first certificate. */
  readonly leaf: LeafFacts
}

/** The versions that are spoken at all, the lowest first. */
export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const

export type TlsVersion = (typeof tlsVersions)[number]

/** The facts about the certificate that a client can see. */
export interface LeafFacts {
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** Its subject, one line. */
  readonly subject: string
  /** The subject of the certificate that signed it, one line. */
  readonly issuer: string
  /** When it becomes valid. */
  readonly notBefore: Date
  /** When it expires. */
  readonly notAfter: Date
  /** DNS names and IP addresses of the subjectAltName extension. */
  readonly hosts: readonly string[]
  /** Whether it is signed by its own key. */
  readonly selfSigned: boolean
}

/** What is known of something that ends; of a revocation list, its subject is its issuer, and it ends when the next one is due. */
export interface EndingFacts extends LeafFacts {
  /** What it is used for. */
  readonly role: 'leaf' | 'intermediate' | 'client CA' | 'revocation list'
}
