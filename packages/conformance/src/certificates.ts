import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, type CertificateRequest, createAuthority, issueCertificate } from '@lockstep/certs'

/** A certificate and its key, as text and as files. */
export interface PairFiles {
  readonly certPem: string
  readonly keyPem: string
  readonly certFile: string
  readonly keyFile: string
  /** SHA-256 of the leaf, as `AA:BB:…`. */
  readonly fingerprint256: string
}

/** Everything that the cases show to servers and clients. */
export interface Certificates {
  /** Issued by an intermediate of `root`. */
  readonly server: PairFiles
  /** Of another key type, by the same intermediate. */
  readonly otherServer: PairFiles
  /** The key is encrypted with `passphrase`. */
  readonly encrypted: PairFiles
  readonly passphrase: string
  readonly rootPem: string
  readonly rootFile: string
  readonly clientAuthorityFile: string
  /** Issued by that authority. */
  readonly client: PairFiles
  /** Issued by it too, and past its time. */
  readonly expiredClient: PairFiles
  /** Issued by a CA that the server does not know. */
  readonly stranger: PairFiles
  /** Like `server`, but past its time. */
  readonly expired: PairFiles
  /** Like `server`, but before its time. */
  readonly notYetValid: PairFiles
  /** The certificates of `server`, the leaf last. */
  readonly reversedFile: string
  /** What PowerShell makes of a certificate: UTF-16. */
  readonly utf16File: string
  /** Not PEM. */
  readonly garbageFile: string
}

const passphrase = 'a passphrase with spaces, ümlauts and "quotes"'

export async function createCertificates(folder: string): Promise<Certificates> {
  const root = await createAuthority({ commonName: 'conformance root' })
  const intermediate = await createAuthority({ commonName: 'conformance intermediate', issuer: root })
  const clientAuthority = await createAuthority({ commonName: 'conformance clients' })
  const hosts = ['localhost', '127.0.0.1', '::1']
  const pair = (name: string, request: CertificateRequest): Promise<PairFiles> =>
    writePair(folder, name, request)
  const file = (name: string, authority: Authority): string => write(folder, name, authority.certPem)
  const day = 86_400_000
  const past = { notBefore: new Date(Date.now() - 3 * day), notAfter: new Date(Date.now() - 2 * day) }
  const future = { notBefore: new Date(Date.now() + 2 * day), notAfter: new Date(Date.now() + 3 * day) }
  const asClient = { authority: clientAuthority, hosts: [], commonName: 'a client', usage: 'client' } as const
  const [server, otherServer, encrypted, client, expiredClient, stranger, expired, notYetValid] =
    await Promise.all([
      pair('server', { authority: intermediate, hosts }),
      pair('other-server', { authority: intermediate, hosts, keyType: 'rsa-2048' }),
      pair('encrypted', { authority: intermediate, hosts, passphrase }),
      pair('client', asClient),
      pair('expired-client', { ...asClient, ...past }),
      pair('stranger', { hosts: [], commonName: 'a stranger', usage: 'client' }),
      pair('expired', { authority: intermediate, hosts, ...past }),
      pair('not-yet-valid', { authority: intermediate, hosts, ...future }),
    ])
  return {
    server,
    otherServer,
    encrypted,
    passphrase,
    rootPem: root.certPem,
    rootFile: file('root.pem', root),
    clientAuthorityFile: file('client-authority.pem', clientAuthority),
    client,
    expiredClient,
    stranger,
    expired,
    notYetValid,
    reversedFile: write(folder, 'reversed.pem', reversed(server.certPem)),
    utf16File: write(folder, 'utf16.pem', Buffer.from(`\uFEFF${server.certPem}`, 'utf16le')),
    garbageFile: write(folder, 'garbage.pem', 'neither a certificate nor a key\n'),
  }
}

function reversed(chainPem: string): string {
  return (chainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? []).reverse().join('')
}

async function writePair(folder: string, name: string, request: CertificateRequest): Promise<PairFiles> {
  const { chainPem, keyPem, fingerprint256 } = await issueCertificate(request)
  return {
    certPem: chainPem,
    keyPem,
    fingerprint256,
    certFile: write(folder, `${name}.pem`, chainPem),
    keyFile: write(folder, `${name}-key.pem`, keyPem),
  }
}

function write(folder: string, name: string, text: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
