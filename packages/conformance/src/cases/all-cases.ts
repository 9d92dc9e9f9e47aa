import type { ConformanceCase } from '../conformance-case.ts'
import { appCases } from './app/app-cases.ts'
import { appMessageCases } from './app/app-message-cases.ts'
import { appSignalCases } from './app/app-signal-cases.ts'
import { broughtServerCases } from './app/brought-server-cases.ts'
import { listeningCases } from './app/contract/listening-cases.ts'
import { ownTlsCases } from './app/contract/own-tls-cases.ts'
import { processCases as appProcessCases } from './app/contract/process-cases.ts'
import { serverCases } from './app/contract/server-cases.ts'
import { shapeCases } from './app/contract/shape-cases.ts'
import { lifespanCases } from './app/lifespan-cases.ts'
import { listenCases } from './app/listen-cases.ts'
import { staticCases } from './app/static-cases.ts'
import { memberCases } from './backend/member-cases.ts'
import { startCases } from './backend/start-cases.ts'
import { stopCases } from './backend/stop-cases.ts'
import { workerCases } from './backend/worker-cases.ts'
import { bindingCases } from './binding/binding-cases.ts'
import { portClaimCases } from './binding/port-claim-cases.ts'
import { socketFileCases } from './binding/socket-file-cases.ts'
import { controlCases } from './control/control-cases.ts'
import { http1HardeningCases } from './hardening/http1/hardening-cases.ts'
import { floodCases } from './hardening/http2/flood-cases.ts'
import { splitCases } from './hardening/http2/split-cases.ts'
import { healthCases } from './health/health-cases.ts'
import { http2Cases } from './http2/http2-cases.ts'
import { http2LimitCases } from './http2/http2-limit-cases.ts'
import { httpsCases } from './https/https-cases.ts'
import { redirectCases } from './https/redirect-cases.ts'
import { redirectPortCases } from './https/redirect-port-cases.ts'
import { limitCases } from './limits/limit-cases.ts'
import { loggingCases } from './logging/logging-cases.ts'
import { refusalCases } from './options/refusal-cases.ts'
import { acceptQueueCases } from './processes/accept-queue-cases.ts'
import { balanceCases } from './processes/balance-cases.ts'
import { drainAnswerCases } from './processes/drain-answer-cases.ts'
import { drainCases } from './processes/drain-cases.ts'
import { drainEndlessCases } from './processes/drain-endless-cases.ts'
import { privilegeCases } from './processes/privilege-cases.ts'
import { processCases } from './processes/process-cases.ts'
import { replacementCases } from './processes/replacement-cases.ts'
import { stickyCases } from './processes/sticky-cases.ts'
import { programCases } from './programs/program-cases.ts'
import { forwardedCases } from './proxy/forwarded-cases.ts'
import { proxyProtocolCases } from './proxy/proxy-protocol-cases.ts'
import { reloadCases } from './tls/reload-cases.ts'
import { tlsChainCases } from './tls/tls-chain-cases.ts'
import { tlsHandshakeCases } from './tls/tls-handshake-cases.ts'
import { tlsHostCases } from './tls/tls-host-cases.ts'
import { tlsIdentityCases } from './tls/tls-identity-cases.ts'
import { tlsNegotiationCases } from './tls/tls-negotiation-cases.ts'

import { tlsOperationCases } from './tls/tls-operation-cases.ts'

import { tlsPeerCases } from './tls/tls-peer-cases.ts'
import { tlsPeerHttp2Cases } from './tls/tls-peer-http2-cases.ts'

import { tlsPolicyCases } from './tls/tls-policy-cases.ts'
import { tlsPreflightCases } from './tls/tls-preflight-cases.ts'
import { tlsRefusalCases } from './tls/tls-refusal-cases.ts'
import { tlsRevocationCases } from './tls/tls-revocation-cases.ts'
import { tlsSessionCases } from './tls/tls-session-cases.ts'
import { unixSocketCases } from './tls/unix-socket-cases.ts'
import { watchCases } from './tls/watch-cases.ts'
import { launcherTogetherCases } from './together/launcher-cases.ts'
import { programTogetherCases } from './together/program-cases.ts'
import { recycleTogetherCases } from './together/recycle-cases.ts'
import { tlsTogetherCases } from './together/tls-cases.ts'
import { windowsCases } from './windows-cases.ts'

/** The whole suite, in the order of the journey. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...appCases,
  ...lifespanCases,
  ...staticCases,
  ...listenCases,
  ...appSignalCases,
  ...broughtServerCases,
  ...appMessageCases,
  ...shapeCases,
  ...listeningCases,
  ...serverCases,
  ...ownTlsCases,
  ...appProcessCases,
  ...startCases,
  ...stopCases,
  ...workerCases,
  ...memberCases,
  ...refusalCases,
  ...windowsCases,
  ...bindingCases,
  ...portClaimCases,
  ...socketFileCases,
  ...processCases,
  ...replacementCases,
  ...balanceCases,
  ...stickyCases,
  ...privilegeCases,
  ...drainCases,
  ...drainAnswerCases,
  ...drainEndlessCases,
  ...acceptQueueCases,
  ...programCases,
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
  ...forwardedCases,
  ...proxyProtocolCases,
  ...http2Cases,
  ...limitCases,
  ...http2LimitCases,
  ...http1HardeningCases,
  ...splitCases,
  ...floodCases,
  ...loggingCases,
  ...launcherTogetherCases,
  ...tlsTogetherCases,
  ...programTogetherCases,
  ...recycleTogetherCases,
]
