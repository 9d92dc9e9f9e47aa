import type { ConformanceCase } from '../conformance-case.ts'
import { appCases } from './app-cases.ts'
import { bindingCases } from './binding-cases.ts'
import { limitCases } from './limit-cases.ts'
import { loggingCases } from './logging-cases.ts'
import { processCases } from './process-cases.ts'
import { tlsChainCases } from './tls-chain-cases.ts'
import { tlsHandshakeCases } from './tls-handshake-cases.ts'
import { tlsHostCases } from './tls-host-cases.ts'
import { tlsIdentityCases } from './tls-identity-cases.ts'
import { tlsNegotiationCases } from './tls-negotiation-cases.ts'
import { tlsPeerCases } from './tls-peer-cases.ts'
import { tlsPolicyCases } from './tls-policy-cases.ts'
import { tlsPreflightCases } from './tls-preflight-cases.ts'
import { tlsRevocationCases } from './tls-revocation-cases.ts'
import { tlsSessionCases } from './tls-session-cases.ts'

/** The whole suite, in the order of the journey. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...appCases,
  ...bindingCases,
  ...processCases,
  ...tlsIdentityCases,
  ...tlsChainCases,
  ...tlsPolicyCases,
  ...tlsHostCases,
  ...tlsNegotiationCases,
  ...tlsRevocationCases,
  ...tlsPeerCases,
  ...tlsPreflightCases,
  ...tlsSessionCases,
  ...tlsHandshakeCases,
  ...limitCases,
  ...loggingCases,
]
