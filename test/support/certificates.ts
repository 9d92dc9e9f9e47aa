import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CertificateRequest, createAuthority, issueCertificate } from '@lockstep/certs'
import { temporaryFolder } from './temporary-folder.ts'

/** Writes a text file into a folder and returns its path. */
export function write(folder: string, name: string, text: string | Uint8Array, mode = 0o600): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode })
  return file
}

export interface Pair {
  readonly cert: string
  readonly key: string
  readonly certPem: string
  readonly keyPem: string
  readonly fingerprint256: string
}

/** A certificate and its key as files. By default self-signed, for localhost and 127.0.0.1. */
export async function pairFiles(
  request: Partial<CertificateRequest> = {},
  folder = temporaryFolder(),
): Promise<Pair> {
  const issued = await issueCertificate({ hosts: ['localhost', '127.0.0.1', '::1'], ...request })
  return {
    cert: write(folder, 'cert.pem', issued.chainPem),
    key: write(folder, 'key.pem', issued.keyPem),
    certPem: issued.chainPem,
    keyPem: issued.keyPem,
    fingerprint256: issued.fingerprint256,
  }
}

/** A CA for clients, and a client certificate that it has issued. */
export async function clientAuthority(): Promise<{
  caFile: string
  caPem: string
  client: { cert: string; key: string; certFile: string; keyFile: string }
}> {
  const folder = temporaryFolder()
  const authority = await createAuthority({ commonName: 'client CA' })
  const { certPem, keyPem } = await issueCertificate({
    authority,
    hosts: [],
    commonName: 'a client',
    usage: 'client',
  })
  return {
    caFile: write(folder, 'ca.pem', authority.certPem),
    caPem: authority.certPem,
    client: {
      cert: certPem,
      key: keyPem,
      certFile: write(folder, 'client.pem', certPem),
      keyFile: write(folder, 'client-key.pem', keyPem),
    },
  }
}
