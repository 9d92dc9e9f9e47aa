// Odd and hostile requests over HTTP/1.1 and HTTP/2, plain and over TLS, for an app that misbehaves. No process may end by it, and the servers
// must answer properly afterwards.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCertificate } from '@lockstep/certs'
import { fuzzServers } from '../../test/serve/fuzz-requests/fuzz-servers.ts'

export const defaultCount = 100_000

export async function run({ seed, count, tell }) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-fuzz-'))
  const pair = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const { chainPem, certPem, keyPem } = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
  writeFileSync(pair.cert, chainPem || certPem)
  writeFileSync(pair.key, keyPem, { mode: 0o600 })
  try {
    const { found, summary } = await fuzzServers({ seed, count, pair })
    tell(summary)
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}
