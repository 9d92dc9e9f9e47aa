import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { nodeCrypto } from '../../../platform/node/node-crypto.ts'
import {
  type Announcement,
  announce,
  announcementOf,
} from '../../../serve/proxy-protocol/announced-source.ts'
import { peerCertificateOf } from '../../../serve/tls/peer-certificate-guard.ts'

const addressFields = [
  'remoteAddress',
  'remotePort',
  'remoteFamily',
  'localAddress',
  'localPort',
  'localFamily',
] as const

/** What a connection of a client shows to an app, in a form that can be sent. */
export interface ShownConnection {
  readonly addresses: { readonly [Name in (typeof addressFields)[number]]?: string | number }
  /** What a PROXY header has said. */
  readonly announcement: Pick<Announcement, 'source' | 'isLocal'> | null
  /** `null`: plain HTTP. */
  readonly tls: ShownTls | null
}

interface ShownTls {
  readonly protocol: string | null
  readonly cipher: object
  readonly servername: string | false | null
  readonly alpnProtocol: string | false | null
  readonly authorized: boolean
  readonly authorizationError: string | null
  /** The leaf of the client in DER, as base64; `null`: it has shown none. */
  readonly certificate: string | null
}

export function connectionAsShown(socket: Socket): ShownConnection {
  const { source = null, isLocal = false } = announcementOf(socket) ?? {}
  const isAnnounced = announcementOf(socket) !== undefined
  return {
    addresses: Object.fromEntries(addressFields.map((name) => [name, socket[name]])),
    announcement: isAnnounced ? { source, isLocal } : null,
    tls: (socket as Partial<TLSSocket>).encrypted === true ? tlsAsShown(socket as TLSSocket) : null,
  }
}

function tlsAsShown(socket: TLSSocket): ShownTls {
  const { servername, alpnProtocol, authorized } = socket as TLSSocket & { servername?: string | false }
  const error: unknown = socket.authorizationError
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher(),
    servername: servername ?? null,
    alpnProtocol,
    authorized,
    authorizationError: error ? String(error) : null,
    certificate: socket.getPeerX509Certificate()?.raw.toString('base64') ?? null,
  }
}

/**
 * Makes the socket of a sibling show the client, for apps and logs alike, as `announce()` does for a load balancer. All requests on it are of one connection of
 * a client. What an app can't have is the chain of a client certificate, the session and the key material of TLS.
 */
export function showConnection(socket: Socket, { addresses, announcement, tls }: ShownConnection): void {
  for (const name of addressFields) define(socket, name, addresses[name])
  const { localAddress: address, localPort: port, localFamily: family } = addresses
  define(socket, 'address', () => (address === undefined ? {} : { address, port, family }))
  if (announcement) announce(socket, { ...announcement, bytes: 0 })
  if (tls) showTls(socket, tls)
}

function showTls(socket: Socket, { protocol, cipher, certificate, ...fields }: ShownTls): void {
  let parsed: X509Certificate | undefined
  const leaf = (): X509Certificate | undefined => {
    if (certificate === null) return undefined
    parsed ??= new (nodeCrypto().X509Certificate)(Buffer.from(certificate, 'base64'))
    return parsed
  }
  const shown = {
    ...fields,
    encrypted: true,
    getProtocol: () => protocol,
    getCipher: () => ({ ...cipher }),
    getPeerX509Certificate: leaf,
    getPeerCertificate() {
      const certificate = leaf()
      return certificate ? peerCertificateOf(certificate) : {}
    },
    isSessionReused: () => false,
  }
  for (const [name, value] of Object.entries(shown)) define(socket, name, value)
}

function define(socket: Socket, name: string, value: unknown): void {
  Object.defineProperty(socket, name, { value, configurable: true, enumerable: true, writable: true })
}
