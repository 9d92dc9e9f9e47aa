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
  /** Issued by nobody that the server knows. */
  readonly stranger: PairFiles
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
  const [server, otherServer, encrypted, client, stranger] = await Promise.all([
    pair('server', { authority: intermediate, hosts }),
    pair('other-server', { authority: intermediate, hosts, keyType: 'rsa-2048' }),
    pair('encrypted', { authority: intermediate, hosts, passphrase }),
    pair('client', { authority: clientAuthority, hosts: [], commonName: 'a client', usage: 'client' }),
    pair('stranger', { hosts: [], commonName: 'a stranger', usage: 'client' }),
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
    stranger,
  }
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

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
