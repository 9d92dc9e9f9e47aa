import { BlockList, isIP } from 'node:net'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509'
import { x509 } from './webcrypto-provider.ts'

/**
 * What nobody owns on the public Internet, so that a CA which may name nothing else is worthless to a thief of its key: the
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

/** Whether a host, a wildcard or an IP address is one that nobody owns on the public Internet. */
export function isPrivateName(host: string): boolean {
  const family = isIP(host)
  if (family !== 0) return networks.check(host, family === 6 ? 'ipv6' : 'ipv4')
  const name = host.toLowerCase()
  return privateNames.domains.some((domain) => name === domain || name.endsWith(`.${domain}`))
}

/** Limits whom a CA may name to `privateNames` (RFC 5280 section 4.2.1.10, where it is to be critical). */
export function privateNameConstraints(): InstanceType<typeof x509.Extension> {
  const permitted = [
    ...privateNames.domains.map((dNSName) => new GeneralName({ dNSName })),
    ...privateNames.networks.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  const constraints = new NameConstraints({
    permittedSubtrees: new GeneralSubtrees(permitted.map((base) => new GeneralSubtree({ base }))),
  })
  return new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints))
}

const networks = new BlockList()
for (const network of privateNames.networks) {
  const [address = '', prefix] = network.split('/')
  networks.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
