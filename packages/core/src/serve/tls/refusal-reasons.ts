/** What OpenSSL's reasons against the certificate of a client mean; one that is not named here is shown as it is. */
export function reasonInWords(reason: string): string {
  const words = reasons[reason]
  return words === undefined ? reason : `${words} (${reason})`
}

const unknownIssuer = 'its issuer is not among the CAs of tls.ca, nor in what the client sent'

const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'a list of tls.crl revokes it',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_UNTRUSTED: 'its issuer is not trusted for clients',
  CRL_HAS_EXPIRED: 'the revocation list of its issuer is out of date',
  CRL_NOT_YET_VALID: 'the revocation list of its issuer is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signs itself, and is not in tls.ca',
  INVALID_CA: 'its issuer may not issue certificates',
  INVALID_PURPOSE: 'its purpose is another one: its extended key usage lacks clientAuth',
  PATH_LENGTH_EXCEEDED: 'its chain is longer than an issuer allows',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not in tls.ca',
  UNABLE_TO_GET_CRL:
    'tls.crl has no list of its issuer: each intermediate that clients send needs one too, and its certificate in tls.ca',
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
}
