import { certificateFields } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import type { OptionName } from '../../options/option-table.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import { type PlannedChain, type PlannedTls, type TlsVersion, tlsVersions } from '../planned-tls.ts'
import { profiles } from './profiles.ts'
import { type TrialPolicy, trialHandshake } from './trial-handshake.ts'

/** What each chain can be used with, by the chain. */
export interface UsableVersions {
  readonly versionsOf: ReadonlyMap<PlannedChain, readonly TlsVersion[]>
  readonly faults: readonly Fault[]
  readonly warnings: readonly string[]
}

/**
 * Tries which versions a client can use with each chain. Settings that leave nothing are a fault that names the option: each of
 * them may be fine by itself, and every handshake fail. Where nothing but the profile and a usual key is in use, that is known.
 */
export async function usableVersions(tls: PlannedTls, options: ResolvedOptions): Promise<UsableVersions> {
  const wanted = tlsVersions.filter((version) => version >= tls.minVersion && version <= tls.maxVersion)
  const chains = [...tls.chains, ...tls.sni.flatMap((host) => host.chains)]
  const tried = new Map<string, readonly Trial[]>()
  const versionsOf = new Map<PlannedChain, readonly TlsVersion[]>()
  const faults: Fault[] = []
  for (const chain of chains) {
    const kind = kindOfKey(chain)
    const trials = tried.get(kind) ?? (await tryVersions(tls, { chain, kind, wanted, options }))
    tried.set(kind, trials)
    const usable = trials.filter(({ reason }) => reason === null).map(({ version }) => version)
    versionsOf.set(chain, usable)
    if (usable.length === 0) faults.push(await unusableChain(tls, { chain, kind, trials, options }))
  }
  const dead =
    faults.length > 0
      ? []
      : wanted.filter((version) => !tls.chains.some((chain) => versionsOf.get(chain)?.includes(version)))
  const warnings: string[] = []
  for (const version of dead) {
    const [chain] = tls.chains
    const culprit = chain && (await findCulprit(tls, { chain, version, options }))
    const name = shown(version)
    const because = culprit
      ? `with ${options[culprit].source.label} as it is`
      : `with the key of this certificate`
    const message = `No handshake with ${name} can succeed ${because}, so that clients which speak only ${name} are refused.`
    const promise = promises[version].find((option) => options[option].source.kind !== 'default')
    if (promise === undefined) warnings.push(message)
    else
      faults.push({
        code: 'LOCKSTEP_ERR_TLS_VERSION_UNUSABLE',
        message: `${options[promise].source.label} promises ${name}. ${message}`,
        hint: culprit
          ? `Change ${culprit} so that ${name} can use it, or ${leaveOut[version]}.`
          : `Use a certificate with an RSA or ECDSA key, or ${leaveOut[version]}.`,
        source: options[culprit ?? promise].source.label,
      })
  }
  return { versionsOf, faults, warnings }
}

/** Options by which a user says that a version is to be spoken. */
const promises = {
  'TLSv1.2': ['tls.minVersion', 'tls.maxVersion', 'tls.ciphers'],
  'TLSv1.3': ['tls.minVersion', 'tls.maxVersion', 'tls.ciphersuites'],
} as const satisfies Record<TlsVersion, readonly OptionName[]>

const leaveOut: Readonly<Record<TlsVersion, string>> = {
  'TLSv1.2': 'set --tls-min-version TLSv1.3',
  'TLSv1.3': 'set --tls-max-version TLSv1.2',
}

interface Trial {
  readonly version: TlsVersion
  readonly reason: string | null
}

async function tryVersions(
  tls: PlannedTls,
  {
    chain,
    kind,
    wanted,
    options,
  }: { chain: PlannedChain; kind: string; wanted: readonly TlsVersion[]; options: ResolvedOptions },
): Promise<readonly Trial[]> {
  if (isUsual(kind, options)) return wanted.map((version) => ({ version, reason: null }))
  const trials: Trial[] = []
  for (const version of wanted)
    trials.push({ version, reason: await trialHandshake(tls, { chain, version, policy: tls }) })
  return trials
}

/** The options that can leave a handshake without anything to use, each with what replaces it otherwise. */
const replaceable = {
  'tls.ciphers': (usual) => ({ ciphers: usual.ciphers.join(':') }),
  'tls.ciphersuites': (usual) => ({ ciphersuites: usual.ciphersuites.join(':') }),
  'tls.groups': () => ({ groups: 'X25519:P-256:P-384:P-521' }),
  'tls.sigalgs': () => ({ sigalgs: null }),
} as const satisfies Partial<Record<OptionName, (usual: (typeof profiles)['old']) => Partial<TrialPolicy>>>

const culprits = Object.keys(replaceable) as (keyof typeof replaceable)[]

/** The option without which the handshake would succeed; `null` when the key itself is at fault. */
async function findCulprit(
  tls: PlannedTls,
  { chain, version, options }: { chain: PlannedChain; version: TlsVersion; options: ResolvedOptions },
): Promise<keyof typeof replaceable | null> {
  for (const name of culprits) {
    if (options[name].source.kind === 'default') continue
    const policy: TrialPolicy = { ...tls, ...replaceable[name](profiles.old) }
    if ((await trialHandshake(tls, { chain, version, policy })) === null) return name
  }
  return null
}

async function unusableChain(
  tls: PlannedTls,
  {
    chain,
    kind,
    trials,
    options,
  }: { chain: PlannedChain; kind: string; trials: readonly Trial[]; options: ResolvedOptions },
): Promise<Fault> {
  const reasons = trials.map(({ version, reason }) => `${shown(version)}: ${reason}`).join('; ')
  const subject = `The certificate ${chain.leaf.subject} (key: ${kind})`
  for (const { version } of trials.toReversed()) {
    const culprit = await findCulprit(tls, { chain, version, options })
    if (culprit === null) continue
    const { label } = options[culprit].source
    return {
      code: 'LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE',
      message: `${subject} cannot be used with ${label} as it is: no handshake can succeed (${reasons}).`,
      hint: `Change ${culprit} so that it fits this type of key, or use a certificate with another type of key.`,
      source: label,
    }
  }
  return {
    code: 'LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE',
    message: `${subject} cannot be used by any client: no handshake can succeed (${reasons}).`,
    hint: 'Have a certificate issued for another type of key, such as RSA with 2048 bits or ECDSA with P-256.',
    source: options[options['tls.pfx'].value === null ? 'tls.cert' : 'tls.pfx'].source.label,
  }
}

/** With these, what the profiles allow is known to work in every version that they have. */
function isUsual(kind: string, options: ResolvedOptions): boolean {
  return usualKeys.includes(kind) && culprits.every((name) => options[name].source.kind === 'default')
}

const usualKeys = ['rsa', 'ec prime256v1', 'ec secp384r1']

function kindOfKey({ cert }: PlannedChain): string {
  const certificate = new (nodeCrypto().X509Certificate)(cert)
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey
  const { keyUsage } = certificateFields(certificate)
  return [
    asymmetricKeyType,
    asymmetricKeyDetails?.namedCurve,
    keyUsage?.has('digitalSignature') === false ? 'that may not sign' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

function shown(version: TlsVersion): string {
  return version.replace('v', ' ')
}
