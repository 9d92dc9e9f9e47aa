import type { ConformanceCase } from '../conformance-case.ts'
import { acceptQueueCases } from './accept-queue-cases.ts'
import { appCases } from './app-cases.ts'
import { appMessageCases } from './app-message-cases.ts'
import { appSignalCases } from './app-signal-cases.ts'
import { balanceCases } from './balance-cases.ts'
import { bindingCases } from './binding-cases.ts'
import { broughtServerCases } from './brought-server-cases.ts'
import { controlCases } from './control-cases.ts'
import { drainAnswerCases } from './drain-answer-cases.ts'
import { drainCases } from './drain-cases.ts'
import { drainEndlessCases } from './drain-endless-cases.ts'
import { healthCases } from './health-cases.ts'
import { http2Cases } from './http2-cases.ts'
import { http2LimitCases } from './http2-limit-cases.ts'
import { httpsCases } from './https-cases.ts'
import { lifespanCases } from './lifespan-cases.ts'
import { limitCases } from './limit-cases.ts'
import { loggingCases } from './logging-cases.ts'
import { portClaimCases } from './port-claim-cases.ts'
import { privilegeCases } from './privilege-cases.ts'
import { processCases } from './process-cases.ts'
import { redirectCases } from './redirect-cases.ts'
import { redirectPortCases } from './redirect-port-cases.ts'
import { refusalCases } from './refusal-cases.ts'
import { reloadCases } from './reload-cases.ts'
import { replacementCases } from './replacement-cases.ts'
import { socketFileCases } from './socket-file-cases.ts'
import { tlsChainCases } from './tls-chain-cases.ts'
import { tlsHandshakeCases } from './tls-handshake-cases.ts'
import { tlsHostCases } from './tls-host-cases.ts'
import { tlsIdentityCases } from './tls-identity-cases.ts'
import { tlsNegotiationCases } from './tls-negotiation-cases.ts'

import { tlsOperationCases } from './tls-operation-cases.ts'

import { tlsPeerCases } from './tls-peer-cases.ts'
import { tlsPeerHttp2Cases } from './tls-peer-http2-cases.ts'

import { tlsPolicyCases } from './tls-policy-cases.ts'
import { tlsPreflightCases } from './tls-preflight-cases.ts'
import { tlsRefusalCases } from './tls-refusal-cases.ts'
import { tlsRevocationCases } from './tls-revocation-cases.ts'
import { tlsSessionCases } from './tls-session-cases.ts'
import { unixSocketCases } from './unix-socket-cases.ts'
import { watchCases } from './watch-cases.ts'
import { windowsCases } from './windows-cases.ts'

/** The whole suite, in the order of the journey. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...appCases,
  ...lifespanCases,
  ...appSignalCases,
  ...broughtServerCases,
  ...appMessageCases,
  ...refusalCases,
  ...windowsCases,
  ...bindingCases,
  ...portClaimCases,
  ...socketFileCases,
  ...processCases,
  ...replacementCases,
  ...balanceCases,
  ...privilegeCases,
  ...drainCases,
  ...drainAnswerCases,
  ...drainEndlessCases,
  ...acceptQueueCases,
  ...healthCases,
  ...controlCases,
  ...tlsIdentityCases,
  ...tlsChainCases,
  ...tlsPolicyCases,
  ...tlsOperationCases,
  ...unixSocketCases,
  ...tlsRefusalCases,
  ...tlsHostCases,
  ...tlsNegotiationCases,
  ...tlsRevocationCases,
  ...tlsPeerCases,
  ...tlsPeerHttp2Cases,
  ...tlsPreflightCases,
  ...tlsSessionCases,
  ...tlsHandshakeCases,
  ...reloadCases,
  ...watchCases,
  ...httpsCases,
  ...redirectCases,
  ...redirectPortCases,
  ...http2Cases,
  ...limitCases,
  ...http2LimitCases,
  ...loggingCases,
]
