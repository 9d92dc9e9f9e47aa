import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { ConnectionOptions, DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Observation, ObservedSession } from './observation.ts'

export interface Request {
  readonly host: string
  readonly port: number
  readonly path?: string
  /** Unset, plain HTTP. An object, TLS with these options; trust is not checked unless they say so. */
  readonly tls?: ConnectionOptions
  readonly headers?: readonly (readonly [string, string])[]
  readonly deadlineMs?: number
}

/** One request on a connection of its own, judged by the completed exchange: under TLS 1.3 a handshake alone proves nothing. */
export async function request({
  host,
  port,
  path = '/',
  tls,
  headers = [],
  deadlineMs = 5_000,
}: Request): Promise<Observation> {
  const seen = Promise.withResolvers<Observation>()
  let session: ObservedSession | null = null
  const fail = (outcome: 'refused' | 'silent', reason: string): void =>
    seen.resolve({ outcome, reason, tls: session, status: null, headers: {}, body: '' })
  const options = { host, port, path, agent: false, headers: Object.fromEntries(headers) }
  const exchange = tls
    ? https.request({ ...options, rejectUnauthorized: false, ...tls })
    : http.request(options)
  const timer = setTimeout(() => fail('silent', `nothing within ${deadlineMs} ms`), deadlineMs)

  exchange.once('socket', (socket) => {
    socket.once('secureConnect', () => {
      session = sessionOf(socket as TLSSocket)
    })
  })
  exchange.once('error', (error) => fail('refused', reasonOf(error)))
  exchange.once('response', (response) => {
    bodyOf(response).then(
      (body) =>
        seen.resolve({
          outcome: 'served',
          reason: '',
          tls: session,
          status: response.statusCode ?? null,
          headers: response.headers as Record<string, string>,
          body,
        }),
      (error: Error) => fail('refused', reasonOf(error)),
    )
  })
  exchange.end()
  try {
    return await seen.promise
  } finally {
    clearTimeout(timer)
    exchange.destroy()
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
  return body
}

function sessionOf(socket: TLSSocket): ObservedSession {
  const leaf = socket.getPeerCertificate(true)
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    fingerprint256: leaf.fingerprint256,
    chain: subjects(leaf),
    alpn: socket.alpnProtocol || null,
    resumed: socket.isSessionReused(),
  }
}

function subjects(certificate: DetailedPeerCertificate): string[] {
  const issuer = certificate.issuerCertificate
  const name = String(certificate.subject?.CN ?? '')
  return issuer && issuer.fingerprint256 !== certificate.fingerprint256 ? [name, ...subjects(issuer)] : [name]
}

function reasonOf(error: Error): string {
  const { reason, code } = error as { reason?: string; code?: string }
  return reason ?? code ?? error.message
}
