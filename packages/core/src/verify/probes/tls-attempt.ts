import type { CipherNameAndProtocol, ConnectionOptions, TLSSocket } from 'node:tls'
import { messageOf } from '../../errors/thrown.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'
import type { ObservedTls } from '../verification.ts'
import { closed } from './closed.ts'
import { harmlessRequest, isAnswer } from './harmless-request.ts'
import { connectTo, type ProbeTarget } from './probe-target.ts'
import { tryForRoom } from './try-for-room.ts'

/** How an attempt to speak HTTP over TLS ended. */
export interface TlsAttempt {
  readonly outcome:
    | 'served' // The handshake was completed and the server answered over it.
    | 'refused' // The server ended it: an alert, or a close.
    | 'not-tls' // The answer is not TLS.
    | 'silent' // Nothing came before the deadline.
    | 'failed' // The probe itself failed: nothing is known of the server.
  readonly reason: string
  /** What the handshake had settled; also of a client that was refused after the server's certificate had come. */
  readonly tls: ObservedTls | null
  /** The beginning of the answer. */
  readonly head: string
  /** The client's side of the handshake was done: only then is ALPN settled. */
  readonly completed: boolean
  /** TCP bytes that the client sent. */
  readonly bytesSent: number
  /** TCP bytes that came back. */
  readonly bytesReceived: number
}

/**
 * What any client of today speaks. Unset, each of these is a setting of this process (`--tls-max-v1.2`, `--tls-cipher-list`, an
 * assignment to `tls.DEFAULT_ECDH_CURVE` …): it would limit what the probe can see of the server.
 */
function clientOfOwn(): ConnectionOptions {
  return {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: nodeCrypto().constants.defaultCoreCipherList,
    ecdhCurve: 'auto',
  }
}

/** Connects as a client with these TLS options and waits for an answer, an alert, or the deadline. */
export async function attemptTls(
  target: ProbeTarget,
  options: ConnectionOptions & { deadlineMs: number },
): Promise<TlsAttempt> {
  const seenElsewhere = await target.thread?.ask({ kind: 'tls', options }, target)
  if (seenElsewhere) return seenElsewhere as TlsAttempt
  return tryForRoom(
    () => attemptOnce(target, options),
    (seen) => isCrowdedOut(seen, target),
  )
}

/** Closed without a byte, as a server does with one connection more than it may hold: nothing was seen of what it serves. */
export function isCrowdedOut(
  { tls, bytesReceived, outcome }: TlsAttempt,
  { isLimited }: ProbeTarget,
): boolean {
  return isLimited && tls === null && bytesReceived === 0 && outcome === 'refused'
}

async function attemptOnce(
  target: ProbeTarget,
  { deadlineMs, ...options }: ConnectionOptions & { deadlineMs: number },
): Promise<TlsAttempt> {
  const tcp = connectTo(target)
  // Trust is not what is measured: the fingerprint says which certificate it is.
  const socket = nodeTls().connect({
    ...clientOfOwn(),
    servername: '',
    ...options,
    socket: tcp,
    rejectUnauthorized: false,
    ALPNProtocols: [target.protocol],
  })
  const attempt = Promise.withResolvers<TlsAttempt>()
  let tls: ObservedTls | null = null
  let completed = false
  let head = ''
  const settle = (outcome: TlsAttempt['outcome'], reason: string): void =>
    attempt.resolve({
      outcome,
      reason,
      tls,
      head,
      completed,
      bytesSent: tcp.bytesWritten,
      bytesReceived: tcp.bytesRead,
    })

  /** What throws inside of a listener would end the process, which serves others. */
  const safely = (act: () => void) => (): void => {
    try {
      act()
    } catch (error) {
      settle('failed', `the probe failed: ${messageOf(error)}`)
    }
  }

  const timer = setTimeout(() => settle('silent', `no answer within ${deadlineMs / 1_000} s`), deadlineMs)
  tcp.on('error', (error) => settle('refused', reasonOf(error)))
  // Keys are derived once the server's certificate has come and before it judges ours. The certificate can be asked for only
  // once: Node takes the leaf off OpenSSL's chain when it hands it out.
  socket.on(
    'keylog',
    safely(() => {
      tls ??= observe(socket)
    }),
  )
  socket.once(
    'secureConnect',
    safely(() => {
      tls ??= observe(socket)
      if (tls) tls = { ...tls, cipher: cipherOf(socket), alpn: socket.alpnProtocol || null }
      completed = true
      socket.write(harmlessRequest(target.protocol, target.secret))
    }),
  )
  socket.once('data', (bytes: Buffer) => {
    head = bytes.toString('latin1')
    if (isAnswer(bytes, target.protocol)) settle('served', 'answered')
    else settle('refused', `an answer that is no ${target.protocol}`)
  })
  socket.on('error', (error) => settle(notTls.test(reasonOf(error)) ? 'not-tls' : 'refused', reasonOf(error)))
  socket.once('close', () => settle('refused', 'the server closed the connection'))
  try {
    return await attempt.promise
  } finally {
    clearTimeout(timer)
    await closed(socket)
    tcp.destroy()
  }
}

function observe(socket: TLSSocket): ObservedTls | null {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return null
  const group = socket.getEphemeralKeyInfo() as { name?: string } | null
  return {
    version: socket.getProtocol() ?? '(unknown)',
    cipher: cipherOf(socket),
    group: group?.name ?? null,
    fingerprint256: leaf.fingerprint256,
    alpn: null,
  }
}

/** Without a key exchange of its own, as with static RSA, the keys are derived before OpenSSL reports the cipher: Node then returns nothing. */
function cipherOf(socket: TLSSocket): string {
  return (socket.getCipher() as CipherNameAndProtocol | undefined)?.name ?? '(not known yet)'
}

/** What OpenSSL says when the first bytes are not a TLS record. */
const notTls = /wrong version number|packet length too long|http request|bad record type/i

function reasonOf(error: Error): string {
  const { reason, code } = error as { reason?: string; code?: string }
  return reason ?? code ?? error.message
}
