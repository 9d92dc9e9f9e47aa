import { LaunchError } from '../../errors/launch-error.ts'
import type { AddressOption, LaunchPlan, PlannedAddress } from '../../plan/launch-plan.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { util } from '../../platform/node/node-util.ts'
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
    addresses: isSet('bind') ? plan.addresses : mergedAddresses(plan, asked, isSet),
  }
}

/** What the launch shows of it: `ofApp` of a `RunningServer`. `plan` is that of `planOfApp()`, and `asked` that of the app. */
export function listenOfApp(plan: LaunchPlan, asked: AskedListen): ListenOfApp {
  const isSet = (option: AddressOption): boolean => plan.userSetAddress.includes(option)
  const decides = !isSet('bind') && !(isSet('host') && isSet('port'))
  const part = isSet('port') ? 'host' : isSet('host') ? 'port' : null
  return { addresses: plan.addresses, source: decides ? sourceOfListen(asked) : null, part }
}

/** Where a server listens whose app asks for an address, by `listen()` or beside `fetch`. */
export interface ListenOfApp {
  /** As they were bound, before port 0 was resolved. */
  readonly addresses: readonly PlannedAddress[]
  /** `the app: listen(8080)`; `null`: the user has set all of it. */
  readonly source: string | null
  /** What of it the app has set, where the user has set the other part; `null`: all. */
  readonly part: 'host' | 'port' | null
}

/**
 * The plan with the address that a loaded app asks for, by `listen()` or beside `fetch`. It counts above the default, and below what the user
 * sets. Bind the addresses of this plan, and serve by it. Returns the plan itself for an app that asks for none, and for a plan that has its
 * address already. Throws a `LaunchError` with `LOCKSTEP_ERR_APP_SERVER_SETTING` for what can't be honoured, such as
 * `listen({ reusePort: true })`.
 */
export function planOfApp(plan: LaunchPlan, { asked }: Pick<ServedApp, 'asked'>): LaunchPlan {
  return asked ? planWithListen(plan, asked, nameOfApp(plan)) : plan
}

/** Throws a `LaunchError` for a plan without what its app asks for: the backend has not used `planOfApp()`. */
export function requirePlanOfApp(plan: LaunchPlan, { asked }: Pick<ServedApp, 'asked'>): void {
  if (!asked) return
  const { addresses, backlog } = planOfApp(plan, { asked })
  if (backlog === plan.backlog && util.isDeepStrictEqual(addresses, plan.addresses)) return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
    message: `${nameOfApp(plan)} asks to be served by ${describeListen(asked)}, and the backend would drop that.`,
    hint: 'Say where to listen by --host, --port and --backlog, or use another backend. The author of this one honours it by planOfApp(plan, app).',
  })
}

/** The ports of TCP where the user has said that the app is served. Empty: the app decides. */
export function portsSetByUser({
  addresses,
  userSetAddress,
}: Pick<LaunchPlan, 'addresses' | 'userSetAddress'>): readonly number[] {
  if (!userSetAddress.includes('port') && !userSetAddress.includes('bind')) return []
  return addresses.flatMap((address) => (address.kind === 'tcp' && address.port > 0 ? address.port : []))
}

function nameOfApp({ app }: LaunchPlan): string {
  return app.kind === 'module' ? app.file : 'The app'
}

/** As they will be bound: for an app that must be ready before that. */
export function addressesToBe({ addresses }: Pick<LaunchPlan, 'addresses'>): readonly BoundAddress[] {
  return addresses.map((address) => (address.kind === 'fd' ? { kind: 'unix', path: '' } : address))
}

function mergedAddresses(
  { addresses }: LaunchPlan,
  asked: AskedListen,
  isSet: (option: AddressOption) => boolean,
): readonly PlannedAddress[] {
  const [planned] = addresses
  // Host and port are an address of TCP, so another one is that of the app already.
  return planned?.kind === 'tcp' ? [mergedAddress(planned, asked, isSet)] : addresses
}

function mergedAddress(
  planned: Extract<PlannedAddress, { kind: 'tcp' }>,
  { address, flags }: AskedListen,
  isSet: (option: AddressOption) => boolean,
): PlannedAddress {
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
