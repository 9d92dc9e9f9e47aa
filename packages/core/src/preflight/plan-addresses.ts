import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { ErrorCode } from '../errors/error-catalog.ts'
import type { Fault } from '../errors/launch-error.ts'
import { formatBindAddress } from '../options/bind-address.ts'
import type { OptionName } from '../options/option-table.ts'
import { sourceKinds, type ValueSource } from '../options/raw-options.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedAddress } from '../plan/launch-plan.ts'
import { longestSocketPath } from '../platform/socket-path.ts'

/** Decides between `bind` and `host` with `port`, and checks what can be known of an address without binding it. */
export async function planAddresses(
  options: ResolvedOptions,
): Promise<{ addresses: readonly PlannedAddress[]; faults: readonly Fault[] }> {
  const conflicts = bindConflicts(options)
  if (conflicts.length > 0) return { addresses: [], faults: conflicts }

  const { bind, host, port } = options
  const mayMove = port.source.kind === 'default'
  const addresses: PlannedAddress[] =
    bind.value === null
      ? [{ kind: 'tcp', host: host.value, port: port.value, mayMove }]
      : bind.value.map((address) => ({ ...address, mayMove: false }))
  const source = (bind.value === null ? host : bind).source.label
  const faults = await Promise.all(addresses.map((address) => addressFaults(address, source)))
  return { addresses, faults: [...duplicates(addresses, source), ...faults.flat()] }
}

/** Who chose an address that can not be bound. */
export function addressSource({ bind, host, port }: ResolvedOptions, code: ErrorCode): string {
  if (bind.value !== null) return bind.source.label
  return (code === 'ERR_ADDRESS_UNAVAILABLE' ? host : port).source.label
}

/** Options that a stronger one makes void, with the source of that one. */
export function overriddenOptions({ bind, host, port }: ResolvedOptions): ReadonlyMap<OptionName, string> {
  if (bind.value === null) return new Map()
  const given = Object.entries({ host, port }) as ['host' | 'port', { source: ValueSource }][]
  return new Map(
    given.filter(([, { source }]) => source.kind !== 'default').map(([name]) => [name, bind.source.label]),
  )
}

/** A weaker source's host and port are overridden by `bind`; an equal or stronger one's would be dropped, so it is a conflict. */
function bindConflicts({ bind, host, port }: ResolvedOptions): Fault[] {
  if (bind.value === null) return []
  const rank = (source: ValueSource): number => sourceKinds.indexOf(source.kind)
  return [host, port]
    .filter(({ source }) => source.kind !== 'default' && rank(source) >= rank(bind.source))
    .map(({ source, value }) => ({
      code: 'ERR_OPTION_CONFLICT',
      message: `${source.label} (${value}) and ${bind.source.label} (${bind.value?.map(formatBindAddress).join(', ')}) both say where to listen.`,
      hint: 'Leave one of them out: bind holds whole addresses.',
      source: source.label,
    }))
}

/** What can be known of an address without binding it. */
export async function addressFaults(address: PlannedAddress, source: string): Promise<Fault[]> {
  if (address.kind === 'unix') {
    const bytes = Buffer.byteLength(address.path)
    if (bytes <= longestSocketPath) return []
    return [
      {
        code: 'ERR_SOCKET_PATH',
        message: `The socket path ${address.path} has ${bytes} bytes; this system takes ${longestSocketPath} at most.`,
        hint: 'Choose a shorter path, for example under /run or /tmp.',
        source,
      },
    ]
  }
  if (isIP(address.host)) return []
  try {
    await lookup(address.host)
    return []
  } catch (cause) {
    return [
      {
        code: 'ERR_ADDRESS_UNAVAILABLE',
        message: `The host ${address.host} can not be resolved.`,
        hint: 'Use the name or IP address of an interface of this machine, or 0.0.0.0 for every IPv4 interface.',
        source,
        cause,
      },
    ]
  }
}

function duplicates(addresses: readonly PlannedAddress[], source: string): Fault[] {
  const texts = addresses
    .filter((address) => address.kind === 'unix' || address.port !== 0)
    .map(formatBindAddress)
  return texts
    .filter((text, index) => texts.indexOf(text) !== index)
    .map((text) => ({
      code: 'ERR_OPTION_CONFLICT',
      message: `The address ${text} is given twice.`,
      hint: 'Leave one of them out.',
      source,
    }))
}
