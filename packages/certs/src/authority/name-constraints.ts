import { BlockList, isIP } from 'node:net'

/**
 * Names that can't exist on the public Internet, so that the key of a CA with only these names is worthless to a thief: the
 * names that are reserved for it, and the addresses that the IANA registries of special purposes (RFC 6890) call not globally
 * reachable.
 */
export const privateNames = {
  domains: [
    // RFC 6761
    'localhost',
    'test',
    'example',
    'invalid',
    // RFC 6762
    'local',
    // Reserved by ICANN for private use in 2024
    'internal',
    // RFC 8375
    'home.arpa',
  ],
  networks: [
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '::1/128',
    '2001:db8::/32',
    'fc00::/7',
    'fe80::/10',
  ],
} as const

/** Whether a host, a wildcard or an IP address can't exist on the public Internet. */
export function isPrivateName(host: string): boolean {
  const family = isIP(host)
  if (family !== 0) return networks.check(host, family === 6 ? 'ipv6' : 'ipv4')
  const name = host.toLowerCase()
  return privateNames.domains.some((domain) => name === domain || name.endsWith(`.${domain}`))
}

const networks = new BlockList()
for (const network of privateNames.networks) {
  const [address = '', prefix] = network.split('/')
  networks.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
