import { LaunchError } from '../../errors/launch-error.ts'
import type { AddressOption, LaunchPlan, PlannedAddress } from '../../plan/launch-plan.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import type { ServedApp } from '../served-app.ts'
import { type AskedListen, describeListen, type ListenFlag } from './asked-listen.ts'

/** For messages and tables: `the app: listen(8080)`. */
export function sourceOfListen(asked: AskedListen): string {
  return `the app: ${describeListen(asked)}`
}

/**
 * A plan with the address that its app listens on. It counts above the default and below whatever the user sets, host and port by themselves:
 * `--port` replaces the port alone. Throws a `LaunchError` for what can't be honoured.
 */
export function planWithListen(plan: LaunchPlan, asked: AskedListen, where: string): LaunchPlan {
  const isSet = (option: AddressOption): boolean => plan.userSetAddress.includes(option)
  const refused = asked.flags.find((flag) => flag in refusals)
  if (refused) throw cannotHonour(refused, asked, where)
  return {
    ...plan,
    backlog: isSet('backlog') ? plan.backlog : (asked.backlog ?? plan.backlog),
    addresses: isSet('bind') ? plan.addresses : [mergedAddress(plan, asked, isSet)],
  }
}

/** What the launch shows of it. */
export function listenOfApp(plan: LaunchPlan, asked: AskedListen): ListenOfApp {
  const isSet = (option: AddressOption): boolean => plan.userSetAddress.includes(option)
  const decides = !isSet('bind') && !(isSet('host') && isSet('port'))
  const part = isSet('port') ? 'host' : isSet('host') ? 'port' : null
  return { addresses: plan.addresses, source: decides ? sourceOfListen(asked) : null, part }
}

/** Where a server listens whose app listens by itself. */
export interface ListenOfApp {
  readonly addresses: readonly PlannedAddress[]
  /** `the app: listen(8080)`; `null`: the user has set all of it. */
  readonly source: string | null
  /** What of it the app has set, where the user has set the other part; `null`: all. */
  readonly part: 'host' | 'port' | null
}

/** The same for an app that was loaded. The plan itself for one that asks for no address. */
export function planOfApp(plan: LaunchPlan, { asked }: Pick<ServedApp, 'asked'>): LaunchPlan {
  const where = plan.app.kind === 'module' ? plan.app.file : 'The app'
  return asked ? planWithListen(plan, asked, where) : plan
}

/** As they will be bound: for an app that must be ready before that. */
export function addressesToBe({ addresses }: Pick<LaunchPlan, 'addresses'>): readonly BoundAddress[] {
  return addresses.map((address) => (address.kind === 'fd' ? { kind: 'unix', path: '' } : address))
}

function mergedAddress(
  plan: LaunchPlan,
  { address, flags }: AskedListen,
  isSet: (option: AddressOption) => boolean,
): PlannedAddress {
  const [planned] = plan.addresses
  if (planned?.kind !== 'tcp') throw new TypeError('host and port are an address of TCP')
  if (address.kind === 'tcp')
    return {
      kind: 'tcp',
      ...(isSet('host')
        ? { host: planned.host }
        : {
            host: address.host ?? everyInterface,
            ...(flags.includes('ipv6Only')
              ? { ipv6Only: true }
              : address.host === null && { elseHost: everyInterfaceOfIPv4 }),
          }),
      port: isSet('port') ? planned.port : address.port,
      mayMove: false,
    }
  // A port that the user sets means TCP.
  if (isSet('host') || isSet('port')) return { ...planned, mayMove: false }
  return { ...address, mayMove: false }
}

/** Without a host, Node means the first of these that the machine has: https://nodejs.org/api/net.html, server.listen([port]). */
const everyInterface = '::'
const everyInterfaceOfIPv4 = '0.0.0.0'

const refusals: { readonly [Flag in Exclude<ListenFlag, 'ipv6Only'>]: { reason: string; cure: string } } = {
  reusePort: {
    reason: 'Lockstep decides how processes share a port',
    cure: 'Leave it out. --balance reuse-port with several workers does it.',
  },
  readableAll: socketMode(),
  writableAll: socketMode(),
}

function socketMode(): { reason: string; cure: string } {
  return {
    reason: 'Lockstep makes the file of the socket',
    cure: 'Leave it out, and set who may connect with --socket-mode.',
  }
}

function cannotHonour(flag: ListenFlag, asked: AskedListen, where: string): LaunchError {
  const { reason, cure } = refusals[flag as keyof typeof refusals]
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
    message: `${where} passes ${flag} to ${describeListen(asked)}, which cannot be honoured: ${reason}.`,
    hint: cure,
  })
}
