import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from './issue-certificate.ts'

const dayMs = 86_400_000
const lifetimeDays = 365
const renewBeforeDays = 30
const always = ['localhost', '127.0.0.1', '::1'] as const

export interface DevelopmentCertificate {
  readonly certPem: string
  readonly keyPem: string
  /** Holds both, mode 0600. */
  readonly file: string
  /** False when it was there already. */
  readonly created: boolean
  readonly notAfter: Date
}

/**
 * A self-signed certificate for this machine, made on first use and kept. Certificate and key stand in one file that is
 * renamed into place, so that of two processes that make it at once each reads one consistent pair. It is made anew when
 * less than 30 days are left or the file is damaged.
 */
export async function readOrCreateDevelopmentCertificate({
  directory,
  hosts,
  now = new Date(),
}: {
  directory: string
  hosts: readonly string[]
  now?: Date
}): Promise<DevelopmentCertificate> {
  const names = [...new Set([...always, ...hosts])].sort()
  const file = join(
    directory,
    `${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)}.pem`,
  )
  const kept = readPair(file)
  if (kept && kept.notAfter.getTime() - now.getTime() > renewBeforeDays * dayMs)
    return { ...kept, file, created: false }

  const { certPem, keyPem } = await issueCertificate({
    commonName: 'localhost',
    hosts: names,
    notAfter: new Date(now.getTime() + lifetimeDays * dayMs),
  })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomUUID()}`
  writeFileSync(temporary, certPem + keyPem, { mode: 0o600 })
  renameSync(temporary, file)
  // Another process may have renamed its own over ours: what is in the file holds for both.
  const written = readPair(file)
  if (!written) throw new Error(`the development certificate ${file} can not be read back`)
  return { ...written, file, created: true }
}

/** `null` when the file is missing or damaged: then a new one is made. */
function readPair(file: string): { certPem: string; keyPem: string; notAfter: Date } | null {
  try {
    const text = readFileSync(file, 'utf8')
    const certificate = new X509Certificate(text)
    const key = createPrivateKey(text)
    if (!certificate.checkPrivateKey(key)) return null
    return {
      certPem: certificate.toString(),
      keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      notAfter: certificate.validToDate,
    }
  } catch {
    return null
  }
}
