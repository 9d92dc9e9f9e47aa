// Swaps of certificates, keys, CAs and revocation lists under a running server, spoiled ones among valid ones: a client that trusts the root
// is always served, and the last valid files are always reached without help. Half of the swaps are done to each backend.
import { fileURLToPath } from 'node:url'
import { fuzzRenewals } from '../../test/tls/renewal-fuzz/fuzz-renewals.ts'

export const defaultCount = 500

const app = fileURLToPath(new URL('../../test/fixtures/apps/hello.js', import.meta.url))

export async function run({ seed, count, tell }) {
  const all = []
  for (const backend of ['single', 'cluster']) {
    const { found, summary } = await fuzzRenewals({ seed, count: Math.ceil(count / 2), backend, app })
    tell(summary)
    all.push(...found)
  }
  return all
}
