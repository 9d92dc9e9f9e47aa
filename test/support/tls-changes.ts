import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createAuthority, issueCertificate, issueRevocationList } from '@lockstep/certs'
import type { OptionName } from '@lockstep/core'
import { clientAuthority, type Pair, pairFiles, write } from './certificates.ts'
import type { Started } from './lockstep.ts'
import { openssl } from './openssl.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { tlsExchange } from './tls-client.ts'
import { waitUntil } from './wait-until.ts'

type TlsName = Extract<OptionName, `tls.${string}`>
export type Settings = Readonly<Record<string, unknown>>

/** Settings before and after a reload, and their observed effect. */
export interface Change {
  readonly before: Settings
  readonly after: Settings
  readonly effect:
    | {
        /** The client's observation before and after. */
        readonly see: (server: Started) => Promise<unknown>
        readonly seen: readonly [before: unknown, after: unknown]
      }
    /** The reload is refused with this code. */
    | { readonly refused: string }
}

type Client = Parameters<typeof tlsExchange>[1] & object
const only12 = { maxVersion: 'TLSv1.2' } as const
const dayMs = 86_400_000
const ecdsa = await pairFiles()
const rsa = await pairFiles({ keyType: 'rsa-2048' })
const other = await pairFiles({ hosts: ['localhost', 'shop.test'] })

const files = ({ cert, key }: Pair): Settings => ({ cert, key })

/** The leaf that is sent. */
function leaves([before, after]: readonly [Pair, Pair], options: Client = {}): Change['effect'] {
  return {
    see: async ({ port }) => (await tlsExchange(port, options)).fingerprint256,
    seen: [before.fingerprint256, after.fingerprint256],
  }
}

/** Whether a client with these settings is served. */
function serves(options: Client, { before, after }: { before: boolean; after: boolean }): Change['effect'] {
  return {
    see: ({ port }) =>
      tlsExchange(port, options).then(
        () => true,
        () => false,
      ),
    seen: [before, after],
  }
}

const refusesAfterwards = (options: Client): Change['effect'] =>
  serves(options, { before: true, after: false })
const servesAfterwards = (options: Client): Change['effect'] =>
  serves(options, { before: false, after: true })
export const needsStart = { refused: 'LOCKSTEP_ERR_RELOAD_NEEDS_START' } as const

async function encrypted(passphrase: string): Promise<Pair> {
  return pairFiles({ passphrase })
}

/** One change of value for each TLS option. The compiler checks that none is missing. */
export const changes: Readonly<Record<TlsName, () => Change | Promise<Change>>> = {
  'tls.cert': () => ({ before: files(ecdsa), after: files(other), effect: leaves([ecdsa, other]) }),
  'tls.key': () => ({ before: files(ecdsa), after: files(rsa), effect: leaves([ecdsa, rsa]) }),
  'tls.pfx': async () => {
    const pfx = `${temporaryFolder()}/other.pfx`
    const source = ['-in', other.cert, '-inkey', other.key]
    await openssl('pkcs12', '-export', ...source, '-out', pfx, '-passout', 'pass:')
    return { before: files(ecdsa), after: { pfx }, effect: leaves([ecdsa, other]) }
  },
  'tls.passphrase': async () => {
    const [first, second] = [await encrypted('first'), await encrypted('second')]
    return {
      before: { ...files(first), passphrase: 'first' },
      after: { ...files(second), passphrase: 'second' },
      effect: leaves([first, second]),
    }
  },
  'tls.passphraseFile': async () => {
    const [first, second] = [await encrypted('first'), await encrypted('second')]
    return {
      before: { ...files(first), passphraseFile: write(temporaryFolder(), 'first', 'first\n') },
      after: { ...files(second), passphraseFile: write(temporaryFolder(), 'second', 'second\n') },
      effect: leaves([first, second]),
    }
  },
  'tls.passphraseCommand': async () => {
    const [first, second] = [await encrypted('first'), await encrypted('second')]
    return {
      before: { ...files(first), passphraseCommand: 'echo first' },
      after: { ...files(second), passphraseCommand: 'echo second' },
      effect: leaves([first, second]),
    }
  },
  'tls.keyPermissions': () => {
    const open = { cert: ecdsa.cert, key: write(temporaryFolder(), 'key.pem', ecdsa.keyPem, 0o644) }
    return {
      before: { ...open, keyPermissions: 'warn' },
      after: { ...open, keyPermissions: 'enforce' },
      effect: { refused: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS' },
    }
  },
  'tls.expiryWarningDays': async () => {
    const short = files(await pairFiles({ notAfter: new Date(Date.now() + 60 * dayMs) }))
    return {
      before: { ...short, expiryWarningDays: 30 },
      after: { ...short, expiryWarningDays: 90 },
      effect: { see: async (server) => server.stderr().includes('Renew it.'), seen: [false, true] },
    }
  },
  'tls.ca': async () => {
    const [first, second] = [await clientAuthority(), await clientAuthority()]
    const { cert, key } = second.client
    return {
      before: { ...files(ecdsa), clientAuth: 'require', ca: first.caFile },
      after: { ...files(ecdsa), clientAuth: 'require', ca: second.caFile },
      effect: servesAfterwards({ cert, key }),
    }
  },
  'tls.crl': async () => {
    const authority = await createAuthority({ commonName: 'clients' })
    const client = await issueCertificate({ authority, hosts: [], commonName: 'one', usage: 'client' })
    const folder = temporaryFolder()
    const ca = write(folder, 'ca.pem', authority.certPem)
    const list = async (name: string, revoked: readonly string[]): Promise<string> =>
      write(folder, name, await issueRevocationList({ authority, revoked }))
    const base = { ...files(ecdsa), clientAuth: 'require', ca }
    return {
      before: { ...base, crl: await list('nobody.pem', []) },
      after: { ...base, crl: await list('one.pem', [client.serialNumber]) },
      effect: refusesAfterwards({ cert: client.certPem, key: client.keyPem }),
    }
  },
  'tls.clientAuth': async () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), clientAuth: 'require', ca: (await clientAuthority()).caFile },
    effect: refusesAfterwards({}),
  }),
  'tls.profile': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), profile: 'modern' },
    effect: refusesAfterwards(only12),
  }),
  'tls.minVersion': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), minVersion: 'TLSv1.3' },
    effect: refusesAfterwards(only12),
  }),
  'tls.maxVersion': () => ({
    before: { ...files(ecdsa), maxVersion: 'TLSv1.2' },
    after: files(ecdsa),
    effect: servesAfterwards({ minVersion: 'TLSv1.3' }),
  }),
  'tls.ciphers': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    effect: refusesAfterwards({ ...only12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
  }),
  'tls.ciphersuites': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), ciphersuites: 'TLS_AES_256_GCM_SHA384' },
    effect: refusesAfterwards({ minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' }),
  }),
  'tls.groups': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), groups: 'P-384' },
    effect: refusesAfterwards({ ecdhCurve: 'X25519' }),
  }),
  'tls.sigalgs': () => ({
    before: files(rsa),
    after: { ...files(rsa), sigalgs: 'RSA-PSS+SHA384' },
    effect: refusesAfterwards({ sigalgs: 'RSA-PSS+SHA256' }),
  }),
  'tls.dhparam': () => ({
    before: files(rsa),
    after: { ...files(rsa), dhparam: 'auto' },
    effect: servesAfterwards({ ...only12, ciphers: 'DHE-RSA-AES128-GCM-SHA256' }),
  }),
  'tls.sni': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), sni: { 'shop.test': files(other) } },
    effect: leaves([ecdsa, other], { servername: 'shop.test' }),
  }),
  'tls.unknownHost': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), unknownHost: 'reject' },
    effect: refusesAfterwards({ servername: 'elsewhere.test' }),
  }),
  'tls.sessionTickets': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), sessionTickets: false },
    effect: {
      async see({ port }) {
        const { session } = await tlsExchange(port, only12)
        return session !== null && (await tlsExchange(port, { ...only12, session })).resumed
      },
      seen: [true, false],
    },
  }),
  'tls.sessionTimeout': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), sessionTimeout: '1h' },
    effect: {
      async see({ port }) {
        const shown = await openssl('s_client', '-connect', `127.0.0.1:${port}`, '-tls1_2')
        return /lifetime hint: (\d+)/.exec(shown)?.[1]
      },
      seen: ['300', '3600'],
    },
  }),
  'tls.handshakeTimeout': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), handshakeTimeout: '200ms' },
    effect: { see: ({ port }) => isCutWithin(2_000, port), seen: [false, true] },
  }),
  'tls.selfSigned': () => ({
    before: files(ecdsa),
    after: { selfSigned: true },
    effect: {
      see: async ({ port }) => (await tlsExchange(port)).fingerprint256 === ecdsa.fingerprint256,
      seen: [true, false],
    },
  }),
  'tls.watch': async () => {
    const own = await pairFiles()
    return {
      before: { ...files(own), watch: false },
      after: { ...files(own), watch: true },
      effect: {
        async see({ port }) {
          const { chainPem, keyPem, fingerprint256 } = await issueCertificate({ hosts: ['localhost'] })
          replace(own.key, keyPem)
          replace(own.cert, chainPem)
          return waitUntil(async () => (await tlsExchange(port)).fingerprint256 === fingerprint256, {
            deadlineMs: 2_000,
            what: 'the new leaf',
          }).then(
            () => true,
            () => false,
          )
        },
        seen: [false, true],
      },
    }
  },
  'tls.protocols': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), protocols: ['h2', 'http/1.1'] },
    effect: needsStart,
  }),
  'tls.hsts': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), hsts: '1h' },
    effect: needsStart,
  }),
  'tls.redirect': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), redirect: '127.0.0.1:0' },
    effect: needsStart,
  }),
  'tls.redirectPort': () => ({
    before: { ...files(ecdsa), redirect: '127.0.0.1:0' },
    after: { ...files(ecdsa), redirect: '127.0.0.1:0', redirectPort: 443 },
    effect: needsStart,
  }),
  // It can't be set where a reload could change it.
  'tls.keylog': () => ({
    before: files(ecdsa),
    after: { ...files(ecdsa), keylog: `${temporaryFolder()}/keys` },
    effect: { refused: 'LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN' },
  }),
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Whether a silent client is disconnected. */
async function isCutWithin(ms: number, port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'close', { signal: AbortSignal.timeout(ms) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
