import type { IncomingMessage } from 'node:http'
import { clientFacts } from '../app/request/client-facts.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { ownerOfAddress } from './owner-of-address.ts'
import { cookieValues, workerCookie, workerCookieName } from './worker-cookie.ts'

/** What requests can belong to: a worker, or an instance of a program. */
export interface StickyOwner {
  /** The value of its cookie. It names this process: its successor has another one. */
  readonly key: string
  /** The number of its place, which its successor has too. */
  readonly worker: number
}

/** How many addresses are remembered. */
const mostAddresses = 10_000

/** Finds out which owner a request belongs to. */
export class StickyChoice<Owner extends StickyOwner> {
  readonly #cookieName: string | null
  readonly #byAddress = new Map<string, Owner | null>()
  #owners: readonly Owner[] = []

  constructor(plan: Pick<LaunchPlan, 'sticky' | 'name' | 'app' | 'addresses'>) {
    this.#cookieName = plan.sticky === 'cookie' ? workerCookieName(plan) : null
  }

  get owners(): readonly Owner[] {
    return this.#owners
  }

  /** Those that take new requests. */
  set(owners: readonly Owner[]): void {
    this.#owners = owners
    this.#byAddress.clear()
  }

  /** `null`: it belongs to none of those that there are. */
  ownerOf(request: IncomingMessage): Owner | null {
    return this.#cookieName === null ? this.#ofAddress(request) : this.#ofCookie(request, this.#cookieName)
  }

  /** The value of `Set-Cookie` with which the client names an owner from now on. `null`: it needs none, or has it already. */
  cookieFor(request: IncomingMessage, { key }: StickyOwner): string | null {
    const name = this.#cookieName
    if (name === null) return null
    const { cookie } = request.headers
    if (cookie !== undefined && cookieValues(cookie, name).includes(key)) return null
    return workerCookie(name, key, { isSecure: clientFacts(request).scheme === 'https' })
  }

  #ofCookie({ headers: { cookie } }: IncomingMessage, name: string): Owner | null {
    if (cookie === undefined) return null
    const values = cookieValues(cookie, name)
    return this.#owners.find(({ key }) => values.includes(key)) ?? null
  }

  #ofAddress(request: IncomingMessage): Owner | null {
    const { address } = clientFacts(request)
    if (address === null) return null
    const known = this.#byAddress.get(address)
    if (known !== undefined) return known
    if (this.#byAddress.size >= mostAddresses) this.#byAddress.clear()
    const owner = ownerOfAddress(address, this.#owners)
    this.#byAddress.set(address, owner)
    return owner
  }
}
