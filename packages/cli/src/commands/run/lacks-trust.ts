import { readFile } from 'node:fs/promises'
import { type LaunchStatus, localAuthorityFolderIfAny } from '@lockstep/core/internal'

/** Whether the served certificate is of the local CA, and this machine does not trust that CA, so that clients refuse it. */
export async function lacksTrust({ certificate }: Pick<LaunchStatus, 'certificate'>): Promise<boolean> {
  const folder = localAuthorityFolderIfAny()
  // A certificate that signs itself can be trusted by itself alone.
  if (!certificate || certificate.selfSigned || folder === null) return false
  const { localAuthorityFiles, machineTrusts } = await import('@lockstep/certs')
  const { X509Certificate } = await import('node:crypto')
  // The server runs all the same when the file was removed meanwhile.
  const pem = await readFile(localAuthorityFiles(folder).rootFile, 'utf8').catch(() => null)
  return pem !== null && !machineTrusts(new X509Certificate(pem))
}
