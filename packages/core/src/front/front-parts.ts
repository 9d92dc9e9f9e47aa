import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FaultAnswer } from './answer-fault.ts'
import type { WriteHead } from './headers/request-head.ts'
import type { FrontLimits } from './upstream/front-limits.ts'
import type { Upstream } from './upstream/upstream.ts'
import type { FaultKind, UpstreamFault } from './upstream/upstream-fault.ts'

/** Where requests may go. */
export interface Upstreams {
  readonly limits: FrontLimits
  /** The one for a request; `null`: there is none besides those that were tried. */
  pick(request: IncomingMessage, except?: readonly Upstream[]): Upstream | null
  /** The value of a `Set-Cookie` for the answer of an upstream. */
  cookieFor?(request: IncomingMessage, upstream: Upstream): string | null
}

/** What the requests of a front share. */
export interface FrontParts {
  readonly pool: Upstreams
  /** Writes the head of a request for an upstream. */
  readonly writeHead: WriteHead
  readonly answers: Readonly<Record<FaultKind, FaultAnswer>>
  readonly onFault: (fault: UpstreamFault, request: IncomingMessage) => void
  /** Called before the head of an answer is written that is the last one on the connection of the upstream. */
  readonly onLastAnswer?: (response: ServerResponse) => void
  /** Answers a request of which no upstream has got anything, and which none can take. Absent: that is a fault. */
  readonly instead?: () => void
}
