import { type ConformanceCase, conformanceCases } from '@lockstep/conformance'
import { matchesPattern } from '../../src/run/select-cases.ts'

/** TLS cases in which an oracle would not be asked, and why. */
const withoutOracle: Readonly<Record<string, string>> = {
  'tls/refuses/*': 'the preflight refuses before any backend is started',
  'tls/passphrase*': 'the preflight opens the key',
  'tls/self-signed/*': 'the preflight makes the certificate',
  'tls/cert/byte-order-mark-and-windows-line-ends': 'the preflight reads the file',
  'tls/cert/a-relative-path-starts-where-it-was-written': 'the preflight reads the file',
  'tls/resumption/outlives-the-worker': 'no app runs there that could crash a worker',
}

/** The cases in which a third-party server can have an opinion of its own. */
export const oracleCases: readonly ConformanceCase[] = conformanceCases.filter(
  ({ id }) =>
    id.startsWith('tls/') && !Object.keys(withoutOracle).some((pattern) => matchesPattern(id, pattern)),
)
