import type { ServedApp } from '../app/served-app.ts'
import type { Logger } from '../log/logger.ts'
import { faultAnswers } from './answer-fault.ts'
import { FaultLog } from './fault-log.ts'
import type { FrontParts } from './front-parts.ts'
import { requestHead } from './headers/request-head.ts'
import { proxyRequest } from './proxy-request.ts'
import { proxyHttp1Upgrade } from './upgrade/http1-upgrade.ts'
import { proxyHttp2Connect } from './upgrade/http2-connect.ts'
import type { UpstreamPool } from './upstream/upstream-pool.ts'

/**
 * An app that passes every request on to the program instances in a pool, over HTTP/1.1. Served by `createAppServer()`, the program gets the TLS, the limits, the
 * drain and the logs of every other app.
 */
export function createFront({ pool, log }: { pool: UpstreamPool; log: Logger }): ServedApp {
  const faults = new FaultLog(log)
  const parts: FrontParts = {
    pool,
    writeHead: requestHead,
    answers: faultAnswers,
    onFault: (fault, request) => faults.add(fault, request),
  }
  return {
    kind: 'a program behind HTTP',
    handle: (request, response) => proxyRequest(parts, { request, response }),
    upgrade: (request, socket, head) => proxyHttp1Upgrade(parts, { request, socket, head }),
    extendedConnect: (request, response, protocol) =>
      proxyHttp2Connect(parts, { request, response, protocol }),
    answersContinue: true,
    // As nginx logs a client that has closed its connection.
    abandonedStatus: 499,
    async close() {
      pool.close()
    },
  }
}
