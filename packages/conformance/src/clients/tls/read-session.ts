import { X509Certificate } from 'node:crypto'

/** The leaf and the names of a chain, from PEM as a client prints it, leaf first. */
export function readChain(text: string): { fingerprint256: string; chain: readonly string[] } | null {
  const certificates = (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  )
  const [leaf] = certificates
  if (!leaf) return null
  return {
    fingerprint256: leaf.fingerprint256,
    chain: certificates.map(({ subject }) => /CN=(.+)/.exec(subject)?.[1] ?? ''),
  }
}

/** OpenSSL's name of a TLS 1.2 suite in the form of the standard (RFC 5289, RFC 7905); a name in that form stays. */
export function standardCipherName(name: string): string {
  if (name.startsWith('TLS_')) return name
  const [, exchange, authentication, rest = ''] = /^(ECDHE|DHE)-(ECDSA|RSA)-(.+)$/.exec(name) ?? []
  if (exchange === undefined || authentication === undefined) return name
  const cipher =
    rest === 'CHACHA20-POLY1305' ? 'CHACHA20_POLY1305_SHA256' : rest.replace(/^(AES|CAMELLIA)(\d)/, '$1_$2')
  return `TLS_${exchange}_${authentication}_WITH_${cipher.replaceAll('-', '_')}`
}

/**
 * The answer in what a client prints: of HTTP/1.1, or what curl makes of HTTP/2. openssl prints sessions that come later before or
 * behind it, so that its body ends where its length says.
 */
export function readAnswer(
  text: string,
): { status: number; headers: Record<string, string>; body: string } | null {
  const match = /HTTP\/[\d.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)\r?\n([\s\S]*)$/.exec(text)
  if (!match) return null
  const [, status = '', head = '', body = ''] = match
  const headers = Object.fromEntries(
    head
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
  )
  const length = headers['content-length']
  return {
    status: Number(status),
    headers,
    body: length === undefined ? body : body.slice(0, Number(length)),
  }
}
