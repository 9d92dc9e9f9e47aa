/** A well-known program that behaves differently from what a case requires. */
export interface Difference {
  /** Id of the case. */
  readonly id: string
  readonly program: 'nginx' | 'caddy'
  readonly does: string
  /** Text that the clients' observations must contain, so that another failure is not mistaken for this one. */
  readonly shows: RegExp
  /** Why the suite keeps its expectation. */
  readonly reason: string
  readonly source: string
}

const answersInHttp = {
  program: 'nginx',
  does: 'It ends the handshake in success, and answers 400 to the request.',
  shows: /"outcome":"served","status":400/,
  reason:
    'RFC 8446 leaves the choice to the server. Ending the handshake keeps the HTTP parser out of reach of clients without a certificate, and is what docs/options.md promises of `require`.',
  source:
    'nginx, ngx_http_ssl_module: ssl_verify_client, and error processing (495, 496); RFC 8446 section 4.4.2.4',
} as const

/** If a difference disappears, the tests fail until it is removed here. */
export const differences: readonly Difference[] = [
  { ...answersInHttp, id: 'tls/client-auth/require-refuses-a-client-without-certificate' },
  { ...answersInHttp, id: 'tls/ca/refuses-a-stranger' },
  { ...answersInHttp, id: 'tls/ca/refuses-an-expired-client' },
  {
    id: 'tls/client-auth/require-refuses-a-client-without-certificate',
    program: 'caddy',
    does: 'It ends the handshake with the alert bad_certificate.',
    shows: /bad certificate/,
    reason:
      'The standards name the alerts: certificate_required under TLS 1.3, handshake_failure under TLS 1.2. Go has since corrected both.',
    source: 'RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6; golang/go issue 52113 and pull request 53251',
  },
]
