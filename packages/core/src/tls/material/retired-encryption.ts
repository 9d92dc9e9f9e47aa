/**
 * The name of what a private key is encrypted by, if OpenSSL 3 has put that into its provider `legacy`, which Node does not load;
 * `null` for what it opens.
 */
export function retiredEncryption(
  pem: string,
  found: { readonly scheme: string; readonly cipher: string | null } | null,
): string | null {
  const header = /^DEK-Info: *([A-Z0-9-]+)/im.exec(pem)?.[1]?.toUpperCase()
  if (header !== undefined) return /^(?:DES-EDE3|AES|CAMELLIA|ARIA)/.test(header) ? null : header
  return (found && (retired[found.scheme] ?? retired[found.cipher ?? ''])) ?? null
}

/** RFC 8018 appendix A.3 and B.2, and RFC 7292 appendix C. */
const retired: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.1': 'MD2 and DES',
  '1.2.840.113549.1.5.3': 'MD5 and DES',
  '1.2.840.113549.1.5.4': 'MD2 and RC2',
  '1.2.840.113549.1.5.6': 'MD5 and RC2',
  '1.2.840.113549.1.5.10': 'SHA-1 and DES',
  '1.2.840.113549.1.5.11': 'SHA-1 and RC2',
  '1.2.840.113549.1.12.1.1': 'RC4',
  '1.2.840.113549.1.12.1.2': 'RC4',
  '1.2.840.113549.1.12.1.5': 'RC2',
  '1.2.840.113549.1.12.1.6': 'RC2',
  '1.3.14.3.2.7': 'DES',
  '1.2.840.113549.3.2': 'RC2',
  '1.2.840.113549.3.4': 'RC4',
}
