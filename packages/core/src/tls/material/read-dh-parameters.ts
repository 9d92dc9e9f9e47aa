import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { Finding } from '../finding.ts'
import type { PlannedChain } from '../planned-tls.ts'
import { cipherNames } from '../policy/cipher-lists.ts'
import { type EffectivePolicy, isFiniteField } from '../policy/effective-policy.ts'
import { pemMaterial, readBlocks } from './read-pem.ts'

/** RFC 9325 section 4.4.2. */
const fewestBits = 2048

/** Reads the parameters of finite-field Diffie-Hellman. Node takes garbage for them without a word. */
export async function readFiniteField(
  { 'tls.dhparam': dhparam, 'tls.ciphers': ciphers }: ResolvedOptions,
  { policy, chains }: { policy: EffectivePolicy; chains: readonly PlannedChain[] | null },
): Promise<Finding<string>> {
  const named = cipherNames(policy.ciphers).filter(isFiniteField)
  const [material] = pemMaterial('tls.dhparam', dhparam)
  if (!material) {
    return {
      value: null,
      faults: named.map((name) => ({
        code: 'LOCKSTEP_ERR_TLS_DHPARAM_MISSING',
        message: `The cipher "${name}" would never be chosen: it needs Diffie-Hellman parameters.`,
        hint: 'Set --tls-dhparam auto, or leave the cipher out.',
        source: ciphers.source.label,
      })),
    }
  }
  const { name, source } = material
  const unused = uselessness({ named, policy, chains })
  const faults: Fault[] =
    unused === null
      ? []
      : [
          {
            code: 'LOCKSTEP_ERR_TLS_DHPARAM_UNUSED',
            message: `${name} would have no effect: ${unused}.`,
            hint: 'Leave tls.dhparam out.',
            source,
          },
        ]
  if (material.value === 'auto') return { value: 'auto', faults }
  const read = readBlocks(material, 'LOCKSTEP_ERR_TLS_DHPARAM_INVALID')
  if ('fault' in read) return { value: null, faults: [...faults, read.fault] }
  const pem = read.blocks.map((block) => block.pem).join('')
  // Loaded when it is needed: hardly any server has such a file.
  const { readDhParameters } = await import('@lockstep/certs')
  const found = readDhParameters(pem)
  if (found && found.primeBits >= fewestBits) return { value: pem, faults }
  return {
    value: null,
    faults: [
      ...faults,
      found
        ? {
            code: 'LOCKSTEP_ERR_TLS_DHPARAM_WEAK',
            message: `${name} has a group of ${found.primeBits} bits; below ${fewestBits} it can be broken.`,
            hint: 'Set --tls-dhparam auto.',
            source,
          }
        : {
            code: 'LOCKSTEP_ERR_TLS_DHPARAM_INVALID',
            message: `${name} holds no Diffie-Hellman parameters with a prime.`,
            hint: 'It must be PEM text that begins with -----BEGIN DH PARAMETERS-----; or set --tls-dhparam auto.',
            source,
          },
    ],
  }
}

function uselessness({
  named,
  policy,
  chains,
}: {
  named: readonly string[]
  policy: EffectivePolicy
  chains: readonly PlannedChain[] | null
}): string | null {
  if (policy.minVersion === 'TLSv1.3') return 'TLS 1.3 does not use it, and TLS 1.2 is switched off'
  if (named.length === 0) return 'no cipher whose name begins with DHE is on the list'
  return chains && !chains.some(({ keyType }) => keyType === 'rsa')
    ? 'the ciphers that use it need a certificate with an RSA key'
    : null
}
