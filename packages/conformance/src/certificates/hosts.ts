import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CertificateRequest, issueCertificate } from '@lockstep/certs'

/** A certificate for one host, as files. */
export interface HostPair {
  readonly files: { readonly cert: string; readonly key: string }
  readonly fingerprint256: string
}

/** Issues a certificate for a host of SNI into the folder of a case. */
export async function createHostPair(
  folder: string,
  request: Pick<CertificateRequest, 'hosts' | 'keyType' | 'passphrase' | 'notBefore' | 'notAfter'>,
): Promise<HostPair> {
  const { chainPem, keyPem, fingerprint256, serialNumber } = await issueCertificate(request)
  const write = (name: string, text: string): string => {
    const file = join(folder, `${serialNumber}-${name}`)
    writeFileSync(file, text, { mode: 0o600 })
    return file
  }
  return { files: { cert: write('cert.pem', chainPem), key: write('key.pem', keyPem) }, fingerprint256 }
}
