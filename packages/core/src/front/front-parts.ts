import type { IncomingMessage } from 'node:http'
import type { UpstreamFault } from './upstream/upstream-fault.ts'
import type { UpstreamPool } from './upstream/upstream-pool.ts'

/** What the requests of a front share. */
export interface FrontParts {
  readonly pool: UpstreamPool
  readonly onFault: (fault: UpstreamFault, request: IncomingMessage) => void
}
