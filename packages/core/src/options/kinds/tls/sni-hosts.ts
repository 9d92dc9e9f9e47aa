import { resolve } from 'node:path'
import { z } from 'zod'
import { isBytes } from '../../../platform/node/is-bytes.ts'
import type { Kind } from '../kind.ts'
import { type GivenPem, pem, pemList } from '../kinds.ts'
import { splitPaths } from '../split-list.ts'
import { zodSchema } from '../zod-schema.ts'
import { canonicalHost } from './canonical-host.ts'
import type { GivenPassphrase } from './passphrase-kind.ts'

/** A host and where its certificate comes from, as it was given. */
export interface SniHost {
  /** Lower-case and in ASCII (IDNA), perhaps with `*` as its first label. Not checked yet. */
  readonly host: string
  readonly cert: readonly GivenPem[]
  readonly key: readonly GivenPem[]
  readonly pfx: readonly (string | Uint8Array)[]
  readonly passphrase: GivenPassphrase | null
  readonly passphraseFile: string | null
  readonly passphraseCommand: string | null
}

const certificates = zodSchema(pemList('a certificate chain').schema)
const keys = zodSchema(pemList('a private key').schema)
const source = z.strictObject({
  cert: certificates.optional(),
  key: keys.optional(),
  pfx: z.union([z.string().min(1), z.custom<Uint8Array>(isBytes)]).optional(),
  passphrase: z
    .union([z.string().min(1), z.custom<() => string>((given) => typeof given === 'function')])
    .optional(),
  passphraseFile: z.string().min(1).optional(),
  passphraseCommand: z.string().trim().min(1).optional(),
})
const byHost = z.record(z.string().min(1), source)
const entry = z.string().regex(/^[^=]+=[^,]+(?:,[^,]+)?$/)

/** Where the certificate of one host comes from: `cert` and `key`, or `pfx`, as the options of the same names under `tls`. */
export interface HostCertificate {
  /** Certificate chain, leaf first: a path, PEM text, bytes, or a list of them. */
  readonly cert?: GivenPem | readonly GivenPem[] | undefined
  /** Its private key. */
  readonly key?: GivenPem | readonly GivenPem[] | undefined
  /** PKCS#12 file with both: its path or its bytes. */
  readonly pfx?: string | Uint8Array | undefined
  /** Opens the key. Unset, the passphrase of the default host. */
  readonly passphrase?: GivenPassphrase | undefined
  /** File that contains the passphrase. */
  readonly passphraseFile?: string | undefined
  /** Command that prints the passphrase. */
  readonly passphraseCommand?: string | undefined
}

/** Certificates by the host that a client names; `*.example.org` stands for one label. */
export type HostCertificates = Readonly<Record<string, HostCertificate>>

type GivenSni = HostCertificates | readonly (string | HostCertificates)[]

/** Hosts with certificates of their own: an object by host, or texts `HOST=CERT,KEY` and `HOST=PFX`. Those of one host add up. */
export const sniHosts: Kind<GivenSni, readonly SniHost[]> = {
  placeholder: '<host=cert,key>',
  expects:
    'HOST=CERT,KEY or HOST=PFX, or (in the API and a configuration file) an object of certificates by host',
  schema: z
    .union([byHost, z.array(z.union([entry, byHost]))])
    .transform((given) => merged((Array.isArray(given) ? given : [given]).flatMap(hostsOf)))
    .refine((hosts) => hosts.length > 0) as unknown as z.ZodType<readonly SniHost[], GivenSni>,
  fromText: (given, directory) => given.split(';').map((one) => entryOf(one.trim(), directory)),
  isList: true,
  inputType: 'HostCertificates | readonly (string | HostCertificates)[]',
  anchor: (hosts, directory) => hosts.map((host) => anchored(host, directory)),
  format: (hosts) => hosts.map(({ host }) => host).join(', '),
  jsonSchema: {
    type: 'object',
    minProperties: 1,
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      properties: {
        cert: pemList('').jsonSchema,
        key: pemList('').jsonSchema,
        ...Object.fromEntries(
          ['pfx', 'passphrase', 'passphraseFile', 'passphraseCommand'].map((name) => [
            name,
            pem('').jsonSchema,
          ]),
        ),
      },
    },
  },
}

/** A path with commas is recognised here, where the folder is known. Any other value goes to the schema unchanged. */
function entryOf(text: string, directory: string | undefined): unknown {
  const [, host = '', files = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (!files.includes(',')) return text
  const [first = '', key, ...others] = splitPaths(files, directory)
  if (first === '' || key === '' || others.length > 0) return text
  return { [host]: key === undefined ? { pfx: first } : { cert: [first], key: [key] } }
}

function hostsOf(given: string | z.output<typeof byHost>): SniHost[] {
  if (typeof given === 'string') {
    const [host = '', files = ''] = given.split(/=(.*)/s)
    const [first = '', key] = files.split(',').map((file) => file.trim())
    return [complete(host, key === undefined ? { pfx: first } : { cert: [first], key: [key] })]
  }
  return Object.entries(given).map(([host, own]) => complete(host, own))
}

function complete(host: string, own: z.output<typeof source>): SniHost {
  return {
    host: canonicalHost(host),
    cert: own.cert ?? [],
    key: own.key ?? [],
    pfx: own.pfx === undefined ? [] : [own.pfx],
    passphrase: own.passphrase ?? null,
    passphraseFile: own.passphraseFile ?? null,
    passphraseCommand: own.passphraseCommand ?? null,
  }
}

function merged(hosts: readonly SniHost[]): SniHost[] {
  const byName = new Map<string, SniHost>()
  for (const host of hosts) {
    const earlier = byName.get(host.host)
    byName.set(
      host.host,
      earlier
        ? {
            host: host.host,
            cert: [...earlier.cert, ...host.cert],
            key: [...earlier.key, ...host.key],
            pfx: [...earlier.pfx, ...host.pfx],
            passphrase: host.passphrase ?? earlier.passphrase,
            passphraseFile: host.passphraseFile ?? earlier.passphraseFile,
            passphraseCommand: host.passphraseCommand ?? earlier.passphraseCommand,
          }
        : host,
    )
  }
  return [...byName.values()]
}

function anchored(host: SniHost, directory: string): SniHost {
  const one = pem('')
  const pemFiles = (values: readonly GivenPem[]): GivenPem[] =>
    values.map((value) => one.anchor?.(value, directory) ?? value)
  return {
    ...host,
    cert: pemFiles(host.cert),
    key: pemFiles(host.key),
    pfx: host.pfx.map((file) => (typeof file === 'string' ? resolve(directory, file) : file)),
    passphraseFile: host.passphraseFile === null ? null : resolve(directory, host.passphraseFile),
  }
}
