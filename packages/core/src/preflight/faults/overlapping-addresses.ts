import { isIP, isIPv6 } from 'node:net'
import type { Fault } from '../../errors/launch-error.ts'
import type { PlannedAddress } from '../../plan/launch-plan.ts'
import { formatBindAddress } from '../../platform/net/address/format-bind-address.ts'
import { lookUpHosts } from '../../platform/net/address/look-up-host.ts'

/**
 * A fault for each two addresses that would get the same connections. Systems differ in whether they let both be bound, and ways to balance
 * differ too, so it is refused everywhere. Looks at pairs of `addresses`, and of one of them with one of `beside`. Those that are written
 * alike are reported elsewhere.
 */
export async function overlapFaults(
  addresses: readonly PlannedAddress[],
  { beside = [], source }: { beside?: readonly PlannedAddress[]; source: string },
): Promise<Fault[]> {
  const [own, others] = await Promise.all([portsOf(addresses), portsOf(beside)])
  const pairs = own.flatMap((one, index) =>
    [...others, ...own.slice(0, index)].map((earlier) => [earlier, one] as const),
  )
  return pairs.flatMap(([one, other]) => {
    const hit = one.port === other.port && one.text !== other.text ? overlap(one, other) : null
    return hit ? [{ code: 'LOCKSTEP_ERR_OPTION_CONFLICT', ...hit, source }] : []
  })
}

interface Port {
  /** As it was given, for example `localhost:3000`. */
  readonly text: string
  readonly host: string
  /** The IP address that stands for the host, in its shortest form. */
  readonly ip: string
  readonly port: number
}

/** Port 0 is a different one each time. A host without an address is reported elsewhere. */
async function portsOf(addresses: readonly PlannedAddress[]): Promise<Port[]> {
  const ports = addresses.map(async (address): Promise<Port[]> => {
    if (address.kind !== 'tcp' || address.port === 0) return []
    const { host, port } = address
    const [ip] = await lookUpHosts(host).catch(() => [])
    return ip === undefined ? [] : [{ text: formatBindAddress(address), host, ip: shortest(ip), port }]
  })
  return (await Promise.all(ports)).flat()
}

/** RFC 5952; of an IPv4 address in IPv6 form (RFC 4291 section 2.5.5.2), the IPv4 address. */
function shortest(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  // A zone has no place in a URL.
  return isIPv6(ip) && !ip.includes('%') ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : ip
}

function overlap(one: Port, other: Port): Pick<Fault, 'message' | 'hint'> | null {
  const pair = `${one.text} and ${other.text}`
  if (one.ip === other.ip)
    return { message: `${pair} are the same address${meaning(one, other)}.`, hint: 'Leave one of them out.' }
  const wide = [one, other].find(({ ip }) => ip === '::') ?? [one, other].find(({ ip }) => ip === '0.0.0.0')
  if (!wide) return null
  const narrow = wide === one ? other : one
  if (wide.ip !== '::' && isIP(narrow.ip) !== 4) return null
  const what = wide.ip === '::' ? 'every address, those of IPv4 too' : 'every IPv4 address'
  return {
    message: `${pair} overlap: ${wide.text} takes the connections to ${what}.`,
    hint: `Leave ${narrow.text} out, or choose another port for it.`,
  }
}

function meaning(...pair: readonly Port[]): string {
  const names = pair.filter(({ host }) => isIP(host) === 0).map(({ host, ip }) => `${host} stands for ${ip}`)
  return names.length === 0 ? '' : `: ${names.join(', ')}`
}
