import { isIP } from 'node:net'
import { dirname } from 'node:path'
import type { ErrorCode } from '../errors/error-catalog.ts'
import type { Fault } from '../errors/launch-error.ts'
import type { OptionName } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { unnamedSockets } from '../options/sources/environment/activated-bind.ts'
import { sourceKinds, type ValueSource } from '../options/sources/raw-options.ts'
import { privateNameBytes } from '../platform/files/private-folder.ts'
import { formatBindAddress } from '../platform/net/address/format-bind-address.ts'
import { lookUpHosts } from '../platform/net/address/look-up-host.ts'
import { longestSocketPath } from '../platform/net/address/socket-path.ts'
import { overlapFaults } from '../preflight/faults/overlapping-addresses.ts'
import type { PlannedAddress } from './launch-plan.ts'
import { placeAddresses, type Surroundings, unknownNames } from './place-addresses.ts'

/** Decides between `bind` and `host` with `port`, and checks what can be known of an address without binding it. */
export async function planAddresses(
  options: ResolvedOptions,
  surroundings: Surroundings,
): Promise<{ addresses: readonly PlannedAddress[]; faults: readonly Fault[] }> {
  const conflicts = [...bindConflicts(options), ...unusedSockets(options, surroundings)]
  if (conflicts.length > 0) return { addresses: [], faults: conflicts }

  const { bind, host, port } = options
  const mayMove = port.source.kind === 'default'
  const addresses: PlannedAddress[] =
    bind.value === null
      ? [{ kind: 'tcp', host: host.value, port: port.value, mayMove }]
      : placeAddresses(bind.value, surroundings)
  const source = (bind.value === null ? host : bind).source.label
  const faults = await Promise.all(addresses.map((address) => addressFaults(address, source)))
  return {
    addresses,
    faults: [
      ...unknownNames(bind.value ?? [], { ...surroundings, source }),
      ...duplicates(addresses, source),
      ...(await overlapFaults(addresses, { source })),
      ...faults.flat(),
    ],
  }
}

/** Who chose an address that cannot be bound. */
export function addressSource({ bind, host, port }: ResolvedOptions, code: ErrorCode): string {
  if (bind.value !== null) return bind.source.label
  return (code === 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE' ? host : port).source.label
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
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${source.label} (${value}) and ${bind.source.label} (${bind.value?.map(formatBindAddress).join(', ')}) both say where to listen.`,
      hint: 'Leave one of them out: bind holds whole addresses.',
      source: source.label,
    }))
}

/** What can be known of an address without binding it. */
export async function addressFaults(address: PlannedAddress, source: string): Promise<Fault[]> {
  if (address.kind === 'unix') {
    const bytes = Buffer.byteLength(address.path)
    if (Math.max(bytes, bytesWhileMade(address)) <= longestSocketPath) return []
    return [
      {
        code: 'LOCKSTEP_ERR_SOCKET_PATH',
        message: `The socket path ${address.path} has ${bytes} bytes${bytes < bytesWhileMade(address) ? `, and ${bytesWhileMade(address)} while it gets its owner and mode` : ''}; this system takes ${longestSocketPath} at most.`,
        hint: 'Choose a shorter path, for example under /run or /tmp.',
        source,
      },
    ]
  }
  if (address.kind !== 'tcp' || isIP(address.host)) return []
  try {
    await lookUpHosts(address.host)
    return []
  } catch (cause) {
    return [
      {
        code: 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE',
        message: `The host ${address.host} cannot be resolved.`,
        hint: 'Use the name or IP address of an interface of this machine, or 0.0.0.0 for every IPv4 interface.',
        source,
        cause,
      },
    ]
  }
}

/** A socket gets its owner and its mode under another name in the same folder. */
function bytesWhileMade({ path, access }: Extract<PlannedAddress, { kind: 'unix' }>): number {
  return access ? Buffer.byteLength(dirname(path)) + privateNameBytes : 0
}

/** Each socket that a service manager hands over is served, or it is an error. Otherwise a client of it would wait forever. */
function unusedSockets(
  { bind, 'tls.redirect': redirect }: ResolvedOptions,
  { sockets }: Surroundings,
): Fault[] {
  const left = unnamedSockets(sockets, [...(bind.value ?? []), ...(redirect.value ?? [])])
  return left.map(({ fd, name }) => ({
    code: 'LOCKSTEP_ERR_SOCKET_UNUSED',
    message: `The socket fd://${fd}${name === null ? '' : ` (${name})`} of LISTEN_FDS would not be served: ${bind.source.label} names others (${bind.value?.map(formatBindAddress).join(', ')}).`,
    hint: `Leave ${bind.source.label} out, so that all sockets of the service manager are served, or name this one there too.`,
    source: bind.source.label,
  }))
}

function duplicates(addresses: readonly PlannedAddress[], source: string): Fault[] {
  const texts = addresses
    .filter((address) => address.kind !== 'tcp' || address.port !== 0)
    .map(formatBindAddress)
  return texts
    .filter((text, index) => texts.indexOf(text) !== index)
    .map((text) => ({
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `The address ${text} is given twice.`,
      hint: 'Leave one of them out.',
      source,
    }))
}
