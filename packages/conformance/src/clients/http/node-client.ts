import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { ConnectionOptions, DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { alertIn, type Observation, type ObservedSession } from '../observation.ts'
import { record } from '../recorder.ts'

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
  const fail = (outcome: 'refused' | 'silent', reason: string, message = ''): void =>
    seen.resolve({
      client: 'node',
      outcome,
      reason,
      alert: alertIn(message),
      tls: session,
      status: null,
      headers: {},
      body: '',
    })
  const options = { host, port, path, agent: false, headers: Object.fromEntries(headers) }
  const exchange = tls
    ? https.request({ ...options, rejectUnauthorized: false, ...tls })
    : http.request(options)
  let reached = 'before the connection was open'
  const timer = setTimeout(() => fail('silent', `nothing within ${deadlineMs} ms, ${reached}`), deadlineMs)

  exchange.once('socket', (socket) => {
    socket.once('connect', () => {
      reached = tls ? 'before the handshake was complete' : 'after the request was sent'
    })
    socket.once('secureConnect', () => {
      reached = 'after the request was sent'
      session = sessionOf(socket as TLSSocket)
    })
  })
  exchange.once('error', (error) => fail('refused', reasonOf(error), error.message))
  exchange.once('response', (response) => {
    bodyOf(response).then(
      (body) =>
        seen.resolve({
          client: 'node',
          outcome: 'served',
          reason: '',
          alert: null,
          tls: session,
          status: response.statusCode ?? null,
          headers: response.headers as Record<string, string>,
          body,
        }),
      (error: Error) => fail('refused', reasonOf(error), error.message),
    )
  })
  exchange.end()
  try {
    const observation = await seen.promise
    record(describe(path, tls), observation)
    return observation
  } finally {
    clearTimeout(timer)
    exchange.destroy()
  }
}

function describe(path: string, tls: ConnectionOptions | undefined): string {
  if (!tls) return `GET ${path} over plain HTTP`
  const named = Object.entries(tls).map(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) && !String(value).includes('-----BEGIN')
      ? `${name} ${String(value)}`
      : `${name} given`,
  )
  return [`GET ${path} over TLS`, ...named].join('; ')
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
  return body
}

function sessionOf(socket: TLSSocket): ObservedSession {
  const leaf = socket.getPeerCertificate(true)
  const key = socket.getEphemeralKeyInfo() as { name?: string } | null
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    group: key?.name ?? null,
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
