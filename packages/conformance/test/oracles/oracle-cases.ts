import { type ConformanceCase, conformanceCases } from '@lockstep/conformance'
import { matchesPattern } from '../../src/run/select-cases.ts'

/** TLS cases that say nothing about an oracle, and why. */
const withoutOracle: Readonly<Record<string, string>> = {
  'tls/refuses/*': 'the preflight refuses before any backend is started',
  'tls/passphrase*': 'the preflight opens the key',
  'tls/self-signed/*': 'the preflight makes the certificate',
  'tls/cert/byte-order-mark-and-windows-line-ends': 'the preflight reads the file',
  'tls/cert/a-relative-path-starts-where-it-was-written': 'the preflight reads the file',
  'tls/resumption/outlives-the-worker': 'no app runs there that could crash a worker',
  'tls/reload/*': 'an oracle is restarted',
  'tls/watch/*': 'an oracle is restarted',
  'tls/resumption/across-a-reload': 'an oracle is restarted',
  'tls/resumption/ends-when-trust-changes': 'an oracle is restarted',
  'tls/client-auth/the-app-*': 'no app runs there that could see the client',
  'tls/groups/hybrid-by-default': "the age of the program's TLS library decides it, and not the program",
}

/** The cases that a third-party server can pass or fail by its own behaviour. */
export const oracleCases: readonly ConformanceCase[] = conformanceCases.filter(
  ({ id }) =>
    id.startsWith('tls/') && !Object.keys(withoutOracle).some((pattern) => matchesPattern(id, pattern)),
)
