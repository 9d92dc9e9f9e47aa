import { createServer as createHttp2, createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import { createServer as createTls } from 'node:tls'

/** Members that Node keeps on a server as they are given: it reads them for a handshake, which never comes. */
const members = {
  cert: 'a certificate',
  key: 'a key',
  pfx: 'both',
  passphrase: 'secret',
  ca: 'a CA',
  crl: 'a list',
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  secureProtocol: 'TLS_method',
  ciphers: 'HIGH',
  ecdhCurve: 'X25519',
  sigalgs: 'ed25519',
  dhparam: 'parameters',
  secureOptions: 1,
  ALPNProtocols: Buffer.from('\x02h2'),
  ALPNCallback: () => 'h2',
  sessionTimeout: 60,
  ticketKeys: Buffer.alloc(48),
  clientCertEngine: 'engine',
  privateKeyEngine: 'engine',
  certificateCompression: ['zlib'],
  requestCert: true,
  rejectUnauthorized: false,
  honorCipherOrder: false,
}

/** Brings every setting of TLS. */
const server = createServer(
  { SNICallback: (_, done) => done(null), pskCallback: () => null, handshakeTimeout: 9_000 },
  (_, response) => response.end('never'),
)
server.addContext('example.com', {})
Object.assign(server, members)
for (const event of [
  'newSession',
  'resumeSession',
  'OCSPRequest',
  'keylog',
  'tlsClientError',
  'secureConnection',
])
  server.on(event, () => undefined)

export default server
export const secureHttp2 = createSecureServer()
export const plainHttp2 = createHttp2()
export const plainTls = createTls()
export const withTls: object = { fetch: () => new Response('never'), tls: { cert: 'a certificate' } }
