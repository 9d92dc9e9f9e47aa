import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { nodeRequestOf } from './node-request.ts'

/** Who a client has proved to be, by its certificate. */
export interface ClientCertificate {
  /** One attribute a line, for example `CN=a client`. */
  readonly subject: string
  readonly issuer: string
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notAfter: Date
  /** With their kinds, for example `DNS:a.example.com`, `email:a@example.com`. */
  readonly subjectAltNames: readonly string[]
}

/**
 * The certificate of the client that has sent a request, if a CA of `tls.ca` has issued it, no list of `tls.crl` revokes it and
 * it holds today; else `null`. So it is also `null` for a client that shows an unknown certificate under
 * `tls.clientAuth: 'request'`, and without TLS. For the request that the app was called with: that of Node in `(req, res)`, or the
 * `Request` of the Fetch API (with Hono, `c.req.raw`).
 *
 * @example
 * ```ts
 * import type { IncomingMessage, ServerResponse } from 'node:http'
 * import { clientCertificate } from 'lockstep'
 *
 * export default function app(request: IncomingMessage, response: ServerResponse) {
 *   const client = clientCertificate(request)
 *   response.statusCode = client ? 200 : 403
 *   response.end(client?.subject)
 * }
 * ```
 */
export function clientCertificate(request: IncomingMessage | Request): ClientCertificate | null {
  const socket = nodeRequestOf(request)?.socket as Partial<TLSSocket> | undefined
  // Node says so of a resumed session too, which carries the verdict and the certificate of the first one.
  if (socket?.authorized !== true) return null
  const certificate = socket.getPeerX509Certificate?.()
  if (!certificate || certificate.validToDate < new Date()) return null
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    fingerprint256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    notAfter: certificate.validToDate,
    subjectAltNames: certificate.subjectAltName?.split(', ') ?? [],
  }
}
