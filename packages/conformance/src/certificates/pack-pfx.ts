import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findOnPath } from '@lockstep/core/internal'
import type { PairFiles } from '../certificates.ts'

/** Packs a chain and its key into a PKCS#12 file with openssl, and returns the path. The passphrase is passed in the environment. */
export function packPfx(
  { certFile, keyFile }: PairFiles,
  {
    folder,
    passphrase,
    algorithm = 'AES-256-CBC',
  }: { folder: string; passphrase: string; algorithm?: string },
): string {
  const file = join(folder, `${algorithm}.pfx`)
  const args = ['pkcs12', '-export', '-in', certFile, '-inkey', keyFile, '-passout', 'env:PASSPHRASE']
  const bytes = execFileSync(
    findOnPath('openssl') ?? 'openssl',
    [...args, ...(algorithm.includes('RC2') ? ['-legacy'] : []), '-certpbe', algorithm, '-keypbe', algorithm],
    {
      env: { ...process.env, PASSPHRASE: passphrase },
    },
  )
  writeFileSync(file, bytes, { mode: 0o600 })
  return file
}
