import { BlockList, isIP } from 'node:net'
import { type Der, derChildren, derTags } from '../material/der.ts'

/** The host names that a CA may issue for (RFC 5280 section 4.2.1.10). Servers have no names of other kinds. */
export interface NameConstraints {
  readonly permitted: Subtrees
  readonly excluded: Subtrees
}

interface Subtrees {
  /** Without a leading dot: itself and everything below it. */
  readonly domains: readonly string[]
  /** Address and mask, each of 4 or 16 bytes, in one piece. */
  readonly networks: readonly Uint8Array[]
}

export function readNameConstraints(constraints: Der): NameConstraints {
  const fields = derChildren(constraints)
  const subtrees = (tag: number): Subtrees => {
    const field = fields.find((each) => each.tag === tag)
    const bases = (field ? derChildren(field) : []).flatMap((subtree) => derChildren(subtree).slice(0, 1))
    return {
      domains: bases
        .filter((base) => base.tag === 0x82)
        .map(({ content }) => Buffer.from(content).toString('latin1').toLowerCase().replace(/^\./, '')),
      networks: bases.filter((base) => base.tag === 0x87).map(({ content }) => content),
    }
  }
  return { permitted: subtrees(derTags.context0), excluded: subtrees(derTags.context1) }
}

/** The first of these names that the CA may not issue for; `null` when it may issue for all of them. */
export function forbiddenName(
  { permitted, excluded }: NameConstraints,
  names: readonly string[],
): string | null {
  return names.find((name) => isForbidden(name)) ?? null

  function isForbidden(name: string): boolean {
    const isAddress = isIP(name) !== 0
    const [allowed, denied] = isAddress
      ? [permitted.networks.map(contains(name)), excluded.networks.map(contains(name))]
      : [permitted.domains.map(covers(name)), excluded.domains.map(covers(name))]
    return denied.includes(true) || (allowed.length > 0 && !allowed.includes(true))
  }
}

const covers =
  (name: string) =>
  (domain: string): boolean => {
    const host = name.toLowerCase().replace(/^\*\./, '')
    return domain === '' || host === domain || host.endsWith(`.${domain}`)
  }

const contains =
  (address: string) =>
  (network: Uint8Array): boolean => {
    const family = network.length === 8 ? 'ipv4' : 'ipv6'
    if (network.length !== 8 && network.length !== 32) return false
    const half = network.length / 2
    const bits = network
      .subarray(half)
      .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    const base = [...network.subarray(0, half)]
    const text =
      family === 'ipv4'
        ? base.join('.')
        : base.reduce(
            (all, byte, index) =>
              all + (index > 0 && index % 2 === 0 ? ':' : '') + byte.toString(16).padStart(2, '0'),
            '',
          )
    const list = new BlockList()
    list.addSubnet(text, bits, family)
    return isIP(address) === (family === 'ipv4' ? 4 : 6) && list.check(address, family)
  }
