import { noteOwnProbe } from '../tls/context/own-probes.ts'

/**
 * A client certificate that no server trusts, large enough that sending it shows in the number of bytes. A server that asks for
 * a certificate gets it; one that does not ask never does. Node has no other sign of a CertificateRequest for a client.
 */
export async function strangerCertificate(): Promise<{ cert: string; key: string; derBytes: number }> {
  // Loaded when it is needed: most servers ask for no client certificate.
  const { issueCertificate } = await import('@lockstep/certs')
  const { certPem, keyPem, fingerprint256 } = await issueCertificate({
    commonName: 'lockstep probe',
    hosts: Array.from({ length: 40 }, (_, index) => `probe-${index}.lockstep.invalid`),
    usage: 'client',
    keyType: 'ec-p256',
  })
  noteOwnProbe(fingerprint256)
  return {
    cert: certPem,
    key: keyPem,
    derBytes: Buffer.from(certPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').length,
  }
}
