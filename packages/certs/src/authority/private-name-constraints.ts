import { AsnConvert } from '@peculiar/asn1-schema'
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509'
import { x509 } from '../crypto/webcrypto-provider.ts'
import { privateNames } from './name-constraints.ts'

/** Limits a CA to `privateNames` (RFC 5280 section 4.2.1.10, which wants it critical). */
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
