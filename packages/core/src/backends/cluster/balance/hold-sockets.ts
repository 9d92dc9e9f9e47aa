import type { LaunchPlan, PlannedAddress } from '../../../plan/launch-plan.ts'
import type { BoundAddress } from '../../../platform/net/address/bound-address.ts'
import { type HeldAddress, holdAddress } from '../../../platform/net/hold-address.ts'
import { redirectPort } from '../../../serve/redirect/redirect-port.ts'
import type { Redirection } from '../wire/messages.ts'
import type { SharedSocket } from './share-out.ts'

/** A bound socket on which the primary accepts nothing. */
export interface HeldSocket extends SharedSocket {
  readonly asked: PlannedAddress
  readonly address: BoundAddress
  readonly handle: object
  readonly redirection: Redirection | null
}

/** The sockets of all addresses of a plan. */
export interface HeldSockets {
  readonly sockets: readonly HeldSocket[]
  readonly addresses: readonly BoundAddress[]
  readonly redirects: readonly BoundAddress[]
  close(): void
}

/** Binds all addresses of the plan, or none. Each address of the app gets this many sockets. */
export async function holdSockets(
  plan: LaunchPlan,
  { perAddress }: { perAddress: number },
): Promise<HeldSockets> {
  const sockets: HeldSocket[] = []
  const all: HeldAddress[] = []
  const close = (): void => {
    for (const held of all) held.close()
  }
  const hold = async (asked: PlannedAddress, redirection: Redirection | null): Promise<BoundAddress> => {
    const held = await holdAddress(asked, {
      sockets: redirection ? 1 : perAddress,
      backlog: plan.backlog,
    })
    all.push(held)
    const { address, handles } = held
    for (const [index, handle] of handles.entries()) {
      const place = handles.length > 1 ? index + 1 : null
      sockets.push({ id: sockets.length, place, asked, address, handle, redirection })
    }
    return address
  }
  try {
    const addresses: BoundAddress[] = []
    for (const asked of plan.addresses) addresses.push(await hold(asked, null))
    const redirects: BoundAddress[] = []
    const httpsPort = redirectPort(plan.https, addresses)
    if (httpsPort !== null)
      for (const asked of plan.https.redirect) redirects.push(await hold(asked, { httpsPort }))
    return { sockets, addresses, redirects, close }
  } catch (error) {
    close()
    throw error
  }
}
