import type { Fault } from '../errors/launch-error.ts'
import { whoListens } from '../platform/net/address/address-hints.ts'
import type { EndpointVerification } from './verification.ts'

/** A fault for each check that failed, which names the option that asked for it. */
export function differencesOf(
  { connectedTo, checks }: EndpointVerification,
  { prefix = '', consequence }: { prefix?: string; consequence: string },
): Fault[] {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name, expected, observed }) => {
      if (outOfDescriptors.test(observed)) return couldNotLook({ where: `${prefix}${connectedTo}`, observed })
      return {
        code: 'LOCKSTEP_ERR_VERIFY_FAILED' as const,
        message: `${prefix}${connectedTo} does not serve what you asked for (${name}): expected ${expected}, observed ${observed}.`,
        hint: `${consequence} ${name === 'own-server' ? stopTheOther(connectedTo) : cureOf(name)}`,
      }
    })
}

/** The probe needs connections of its own: without a descriptor for them, it has seen nothing of what is served. */
const outOfDescriptors = /\bE[MN]FILE\b/

function couldNotLook({ where, observed }: { where: string; observed: string }): Fault {
  return {
    code: 'LOCKSTEP_ERR_SYSTEM',
    message: `${where} could not be verified: ${observed}.`,
    hint: 'Raise the limit of open files (`ulimit -n`).',
  }
}

function stopTheOther(connectedTo: string): string {
  const port = Number(/:(\d+)$/.exec(connectedTo)?.[1])
  return `Another program gets connections to the same address. ${whoListens({ kind: 'tcp', host: '', port, mayMove: false }, process.platform)} Stop that program, or choose another port (--port, or in --bind).`
}

function cureOf(name: string): string {
  const options = askedBy[name]
  return options === undefined
    ? 'The app or the backend changes what is served, or another program is between it and the port.'
    : `Check ${options}. If that is right, the app or the backend changes what is served, or another program is between it and the port.`
}

/** Which options a check measures. */
const askedBy: Readonly<Record<string, string>> = {
  app: 'app',
  'no-plain-http': 'tls.cert and tls.key',
  scheme: 'tls.cert and tls.key',
  certificate: 'tls.cert, tls.key or tls.pfx',
  versions: 'tls.minVersion, tls.ciphers and tls.groups',
  'max-version': 'tls.maxVersion and tls.ciphersuites',
  'min-version': 'tls.minVersion',
  alpn: 'tls.protocols',
  'alpn-h2': 'tls.protocols',
  'alpn-http1': 'tls.protocols',
  ciphers: 'tls.ciphers',
  ciphersuites: 'tls.ciphersuites',
  groups: 'tls.groups',
  sigalgs: 'tls.sigalgs',
  sni: 'tls.sni',
  'unknown-host': 'tls.unknownHost',
  'client-auth-asks': 'tls.clientAuth',
  'client-without-certificate': 'tls.clientAuth',
  'client-with-strange-certificate': 'tls.clientAuth and tls.ca',
  redirect: 'tls.redirect',
  'redirect-host': 'tls.redirect',
}
