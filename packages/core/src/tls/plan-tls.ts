import { randomBytes, type X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Fault } from '../errors/launch-error.ts'
import { type OptionName, optionNames } from '../options/option-table.ts'
import type { Resolved, ResolvedOptions } from '../options/resolve-options.ts'
import { cipherFaults, defaultCiphers, defaultCiphersuites } from './cipher-lists.ts'
import { developmentPair } from './development-pair.ts'
import type { PlannedTls } from './planned-tls.ts'
import { chainFaults, leafFacts, parseCertificates, validityFaults } from './read-chain.ts'
import { readKey } from './read-key.ts'
import { type ReadPassphrase, readPassphrase } from './read-passphrase.ts'
import { readPem } from './read-pem.ts'
import { secureContextOptions } from './secure-context-options.ts'

/**
 * Reads and checks everything that TLS needs, so that a worker has only to use it. Node starts happily with a missing half,
 * an expired leaf, a key of another type or a CA that is none (measured); each of these is refused here.
 */
export async function planTls(
  options: ResolvedOptions,
  { now = new Date() }: { now?: Date } = {},
): Promise<{ tls: PlannedTls | null; faults: readonly Fault[] }> {
  const faults = [...policyFaults(options)]
  const { 'tls.cert': cert, 'tls.key': key, 'tls.selfSigned': selfSigned } = options
  if (cert.value === null && key.value === null && !selfSigned.value)
    return { tls: null, faults: [...faults, ...withoutCertificate(options)] }

  const passphrase = await readPassphrase(options)
  faults.push(...passphrase.faults, ...halfFaults(options))
  const pair = selfSigned.value
    ? await selfSignedPair(options, faults)
    : readPair({ cert, key, passphrase, faults, now })
  const ca = readCa(options, faults, now)
  if (!pair || faults.length > 0) return { tls: null, faults }

  const tls: PlannedTls = {
    ...pair,
    ca,
    clientAuth: options['tls.clientAuth'].value,
    minVersion: options['tls.minVersion'].value,
    maxVersion: options['tls.maxVersion'].value,
    ciphers: options['tls.ciphers'].value ?? defaultCiphers,
    ciphersuites: options['tls.ciphersuites'].value ?? defaultCiphersuites,
    ticketKeys: randomBytes(48),
  }
  return { tls, faults: contextFaults(tls, cert.source.label) }
}

type Pair = Pick<PlannedTls, 'cert' | 'key' | 'leaf'>

function readPair({
  cert,
  key,
  passphrase,
  faults,
  now,
}: {
  cert: Resolved<string | Uint8Array | null>
  key: Resolved<string | Uint8Array | null>
  passphrase: ReadPassphrase
  faults: Fault[]
  now: Date
}): Pair | null {
  const chain = cert.value === null ? null : readChain({ ...cert, value: cert.value }, faults)
  const opened = key.value === null ? null : openKey({ ...key, value: key.value }, passphrase, faults)
  const leaf = chain?.[0]
  if (!chain || !leaf || !opened) return null

  if (!leaf.checkPrivateKey(opened)) {
    const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(opened))
    faults.push(
      owner > 0
        ? {
            code: 'ERR_TLS_CHAIN_ORDER',
            message: `The leaf is certificate ${owner + 1} of ${cert.source.label}; it must be the first.`,
            hint: 'cat leaf.pem intermediate.pem > chain.pem',
            source: cert.source.label,
          }
        : {
            code: 'ERR_TLS_KEY_MISMATCH',
            message: `The private key (${key.source.label}, ${opened.asymmetricKeyType}) does not belong to the certificate (${cert.source.label}, ${leaf.publicKey.asymmetricKeyType}).`,
            hint: 'Name the key that the certificate was requested with, or have a certificate issued for this key.',
            source: key.source.label,
          },
    )
  } else {
    faults.push(...chainFaults(chain, { what: cert.source.label, source: cert.source.label, now }))
  }
  return {
    cert: chain.map((certificate) => certificate.toString()).join(''),
    key: opened.export({ type: 'pkcs8', format: 'pem' }).toString(),
    leaf: leafFacts(leaf),
  }
}

function readChain(cert: Resolved<string | Uint8Array>, faults: Fault[]): X509Certificate[] | null {
  const source = cert.source.label
  const pem = readPem('tls.cert', cert)
  if ('fault' in pem) {
    faults.push(pem.fault)
    return null
  }
  const parsed = parseCertificates(pem.text, {
    what: `tls.cert (${source})`,
    code: 'ERR_TLS_CERT_INVALID',
    source,
  })
  faults.push(...parsed.faults)
  return parsed.certificates
}

function openKey(
  key: Resolved<string | Uint8Array>,
  passphrase: ReadPassphrase,
  faults: Fault[],
): ReturnType<typeof readKey>['key'] {
  const source = key.source.label
  const pem = readPem('tls.key', key)
  if ('fault' in pem) {
    faults.push(pem.fault)
    return null
  }
  const opened = readKey(pem.text, { what: `tls.key (${source})`, source, passphrase })
  faults.push(...opened.faults)
  return opened.key
}

async function selfSignedPair(options: ResolvedOptions, faults: Fault[]): Promise<Pair | null> {
  const given = (['tls.cert', 'tls.key'] as const).filter((name) => options[name].value !== null)
  for (const name of given) {
    faults.push({
      code: 'ERR_OPTION_CONFLICT',
      message: `${options[name].source.label} and ${options['tls.selfSigned'].source.label} both say which certificate to use.`,
      hint: 'Leave one of them out.',
      source: options[name].source.label,
    })
  }
  if (given.length > 0) return null
  const hosts =
    options.bind.value === null
      ? [options.host.value]
      : options.bind.value.flatMap((address) => (address.kind === 'tcp' ? [address.host] : []))
  return developmentPair(hosts)
}

function readCa(options: ResolvedOptions, faults: Fault[], now: Date): string | null {
  const { 'tls.ca': ca, 'tls.clientAuth': clientAuth } = options
  if (ca.value === null) {
    if (clientAuth.value !== 'none') {
      faults.push({
        code: 'ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
        message: `Client certificates are asked for (${clientAuth.source.label} is ${clientAuth.value}), but no CA says which are trusted.`,
        hint: 'Set --tls-ca to the certificates that may issue them.',
        source: clientAuth.source.label,
      })
    }
    return null
  }
  const source = ca.source.label
  if (clientAuth.value === 'none') {
    faults.push({
      code: 'ERR_TLS_CA_UNUSED',
      message: `${source} gives a CA, but client certificates are not asked for, so nobody would be checked against it.`,
      hint: 'Set --tls-client-auth to request or require, or leave the CA out. Intermediates belong into the certificate file.',
      source,
    })
  }
  const pem = readPem('tls.ca', { ...ca, value: ca.value })
  if ('fault' in pem) {
    faults.push(pem.fault)
    return null
  }
  const { certificates, faults: found } = parseCertificates(pem.text, {
    what: `tls.ca (${source})`,
    code: 'ERR_TLS_CA_INVALID',
    source,
  })
  faults.push(
    ...found,
    ...certificates.flatMap((certificate) =>
      validityFaults(certificate, { what: `tls.ca (${source})`, source, now }),
    ),
  )
  return certificates.map((certificate) => certificate.toString()).join('')
}

function policyFaults(options: ResolvedOptions): Fault[] {
  const {
    'tls.minVersion': min,
    'tls.maxVersion': max,
    'tls.ciphers': ciphers,
    'tls.ciphersuites': suites,
  } = options
  const faults: Fault[] = []
  if (min.value > max.value) {
    const setter = min.source.kind === 'default' ? max : min
    faults.push({
      code: 'ERR_TLS_VERSION_RANGE',
      message: `The lowest TLS version (${min.value}) is above the highest (${max.value}).`,
      hint: 'Lower tls.minVersion or raise tls.maxVersion.',
      source: setter.source.label,
    })
  }
  if (ciphers.value !== null) {
    faults.push(...cipherFaults({ list: ciphers.value, version: 'TLSv1.2', source: ciphers.source.label }))
    if (min.value === 'TLSv1.3')
      faults.push(unused('tls.ciphers', 'TLS 1.2 is switched off by tls.minVersion', ciphers.source.label))
  }
  if (suites.value !== null) {
    faults.push(...cipherFaults({ list: suites.value, version: 'TLSv1.3', source: suites.source.label }))
    if (max.value === 'TLSv1.2')
      faults.push(
        unused('tls.ciphersuites', 'TLS 1.3 is switched off by tls.maxVersion', suites.source.label),
      )
  }
  return faults
}

function unused(name: OptionName, reason: string, source: string): Fault {
  return {
    code: 'ERR_TLS_CIPHERS_UNUSED',
    message: `${name} would have no effect: ${reason}.`,
    hint: 'Leave one of the two out.',
    source,
  }
}

function halfFaults(options: ResolvedOptions): Fault[] {
  const { 'tls.cert': cert, 'tls.key': key, 'tls.selfSigned': selfSigned } = options
  if (selfSigned.value) return []
  if (cert.value !== null && key.value === null)
    return [
      {
        code: 'ERR_TLS_CERT_WITHOUT_KEY',
        message: `${cert.source.label} gives a certificate, but its private key is not set.`,
        hint: 'Set --tls-key.',
        source: cert.source.label,
      },
    ]
  if (cert.value === null && key.value !== null)
    return [
      {
        code: 'ERR_TLS_KEY_WITHOUT_CERT',
        message: `${key.source.label} gives a private key, but its certificate is not set.`,
        hint: 'Set --tls-cert.',
        source: key.source.label,
      },
    ]
  return []
}

/** Without a certificate each other TLS option would be dropped. */
function withoutCertificate(options: ResolvedOptions): Fault[] {
  return optionNames
    .filter((name) => name.startsWith('tls.') && options[name].source.kind !== 'default')
    .filter(
      (name) =>
        options[name].value !== null && options[name].value !== false && options[name].value !== 'none',
    )
    .map((name) => ({
      code: 'ERR_TLS_WITHOUT_CERT',
      message: `${options[name].source.label} is set, but there is no certificate, so the server would speak plain HTTP.`,
      hint: 'Set --tls-cert and --tls-key, or --tls-self-signed for development.',
      source: options[name].source.label,
    }))
}

/** What only OpenSSL itself can say, such as a key that is too weak for its security level. */
function contextFaults(tls: PlannedTls, source: string): Fault[] {
  try {
    createSecureContext(secureContextOptions(tls))
    return []
  } catch (cause) {
    return [
      {
        code: 'ERR_TLS_CONTEXT',
        message: `OpenSSL refuses the TLS settings: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint: 'A key below 2048 bits of RSA, or a signature by SHA-1, is refused by its security level.',
        source,
        cause,
      },
    ]
  }
}
