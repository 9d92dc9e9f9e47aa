import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FaultAnswer } from '../../../front/answer-fault.ts'
import { FaultLog } from '../../../front/fault-log.ts'
import type { FrontParts } from '../../../front/front-parts.ts'
import { proxyRequest } from '../../../front/proxy-request.ts'
import { proxyHttp1Upgrade } from '../../../front/upgrade/http1-upgrade.ts'
import type { FaultKind } from '../../../front/upstream/upstream-fault.ts'
import type { Logger } from '../../../log/logger.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { RequestRouter, Route } from '../../../serve/request-router.ts'
import { StickyChoice } from '../../../sticky/sticky-choice.ts'
import { addCookie } from '../../../sticky/worker-cookie.ts'
import { passedHead } from './passed-head.ts'
import type { Sibling, SiblingSeat } from './sibling.ts'
import { SiblingLinks, siblingLimits } from './sibling-links.ts'

const lost = { status: 502, reason: 'The worker that this request belongs to has ended.' } as const
const broken = {
  status: 502,
  reason: 'The worker that this request belongs to sent an answer that is not valid HTTP.',
} as const

const answers: Readonly<Record<FaultKind, FaultAnswer>> = {
  'none-ready': lost,
  refused: lost,
  'connect-late': lost,
  closed: lost,
  cut: lost,
  'response-late': lost,
  silent: lost,
  invalid: broken,
}

/** Passes the requests on that belong to a sibling of this worker. */
export class SiblingRouter implements RequestRouter {
  readonly #choice: StickyChoice<Sibling>
  readonly #seat: SiblingSeat
  readonly #links: SiblingLinks
  readonly #routes = new Map<Sibling, Route>()
  readonly #faults: FaultLog
  /** Not while it leaves. */
  #takesNew = false

  constructor({ plan, seat, log }: { plan: LaunchPlan; seat: SiblingSeat; log: Logger }) {
    this.#choice = new StickyChoice(plan)
    this.#seat = seat
    this.#links = new SiblingLinks(seat.secret)
    this.#faults = new FaultLog(log, 'a worker failed on a request that another one has passed on')
  }

  /** The workers that take new requests, this one among them unless it leaves. */
  set(siblings: readonly Sibling[]): void {
    const known = new Map(this.#choice.owners.map((sibling) => [sibling.key, sibling]))
    const owners = siblings.map((sibling) => known.get(sibling.key) ?? sibling)
    this.#choice.set(owners)
    this.#takesNew = owners.some(({ key }) => key === this.#seat.key)
    for (const sibling of this.#routes.keys()) if (!owners.includes(sibling)) this.#routes.delete(sibling)
    this.#links.retireAllBut(owners)
  }

  /** This worker begins to drain: it closes the connections to its siblings that it does not use. */
  drain(): void {
    this.#links.retireAllBut([])
  }

  routeOf(request: IncomingMessage): Route | null {
    const owner = this.#choice.ownerOf(request)
    if (owner === null || owner.key === this.#seat.key) return null
    const known = this.#routes.get(owner)
    if (known) return known
    const route = this.#routeTo(owner)
    this.#routes.set(owner, route)
    return route
  }

  answersHere(request: IncomingMessage, response: ServerResponse): void {
    const cookie = this.#choice.cookieFor(request, this.#seat)
    if (cookie !== null && this.#takesNew) addCookie(response, cookie)
  }

  #routeTo(sibling: Sibling): Route {
    const partsFor = (
      request: IncomingMessage,
      instead: () => void,
      endConnection: (response: ServerResponse) => void = () => undefined,
    ): FrontParts => {
      const upstream = this.#links.upstreamFor(request, sibling)
      return {
        pool: {
          limits: siblingLimits,
          pick: (_, except = []) => {
            if (except.includes(upstream)) return null
            this.#links.watch(upstream, sibling)
            return upstream
          },
        },
        writeHead: passedHead,
        answers,
        onLastAnswer: endConnection,
        onFault: (fault, failed) => this.#faults.add(fault, failed),
        instead,
      }
    }
    return {
      pass(request, response, { here, endConnection }) {
        if (isGone(request)) here()
        else proxyRequest(partsFor(request, here, endConnection), { request, response })
      },
      passUpgrade(request, socket, { head, here }) {
        if (isGone(request)) here(head)
        // What followed the head of the request is back in the socket by then.
        else
          proxyHttp1Upgrade(
            partsFor(request, () => here(noBytes)),
            { request, socket, head },
          )
      },
    }
  }
}

const noBytes = Buffer.alloc(0)

/** A connection that is closed shows no addresses any more. */
function isGone({ socket }: IncomingMessage): boolean {
  return (socket?.destroyed ?? true) === true
}
