// Each chain has one fault. OpenSSL judges it too: what OpenSSL refuses must be an error, or a note if other clients accept it.
import { execFileSync } from 'node:child_process'
import { type webcrypto, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createKeyPair } from '../src/authority/key-pair.ts'
import { x509 } from '../src/crypto/webcrypto-provider.ts'
import { type Authority, createAuthority, issueCertificate } from '../src/index.ts'
import { judgePath } from '../src/judge.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-judge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const dayMs = 86_400_000
const now = new Date()
const fromNow = (days: number): Date => new Date(now.getTime() + days * dayMs)
const root = await createAuthority({ commonName: 'root', keyType: 'rsa-2048', notAfter: fromNow(900) })
const san = new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'www.example.com' }])

interface Made {
  readonly pem: string
  readonly authority: Authority
}

/** A certificate with exactly these extensions. */
async function make({
  name = 'leaf',
  by = root,
  extensions = [san],
  hash = 'SHA-256',
  keys,
  notAfter = fromNow(80),
}: {
  name?: string
  by?: Authority
  extensions?: InstanceType<typeof x509.Extension>[]
  hash?: string
  keys?: webcrypto.CryptoKeyPair
  notAfter?: Date
} = {}): Promise<Made> {
  const own = keys ?? (await createKeyPair('ec-p256'))
  const algorithm = by.keyType.startsWith('rsa')
    ? { name: 'RSASSA-PKCS1-v1_5', hash }
    : { name: 'ECDSA', hash }
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `0${Math.floor(Math.random() * 1e15).toString(16)}`.slice(-14),
    subject: [{ CN: [name] }],
    issuer: new x509.X509Certificate(by.certPem).subjectName.toJSON(),
    notBefore: fromNow(-100),
    notAfter,
    publicKey: own.publicKey,
    signingKey:
      hash === 'SHA-1'
        ? await crypto.subtle.importKey(
            'pkcs8',
            await crypto.subtle.exportKey('pkcs8', by.keys.privateKey),
            algorithm,
            true,
            ['sign'],
          )
        : by.keys.privateKey,
    signingAlgorithm: algorithm as webcrypto.EcdsaParams,
    extensions,
  })
  const pem = `${certificate.toString('pem')}\n`
  return {
    pem,
    authority: { certPem: pem, keyPem: '', issuer: by, keys: own, keyType: 'ec-p256', fingerprint256: '' },
  }
}

const flags = x509.KeyUsageFlags
const ca = (length?: number): InstanceType<typeof x509.Extension> =>
  new x509.BasicConstraintsExtension(true, length, true)
const usage = (bits: number): InstanceType<typeof x509.Extension> => new x509.KeyUsagesExtension(bits, true)
const authority = (
  name: string,
  more: InstanceType<typeof x509.Extension>[] = [ca()],
  by = root,
): Promise<Made> => make({ name, by, extensions: more })
const raw = (id: string, der: string, critical = true): InstanceType<typeof x509.Extension> =>
  new x509.Extension(id, critical, Buffer.from(der, 'hex'))

function judge(...made: (Made | string)[]): string[] {
  const chain = made.map((each) => new X509Certificate(typeof each === 'string' ? each : each.pem))
  return judgePath(chain, { now }).map(({ code, severity, index }) => `${index + 1} ${code} ${severity}`)
}

/** Whether OpenSSL accepts the chain for a server when it trusts this root. */
function opensslTakes(...made: Made[]): boolean {
  const [leaf, ...rest] = made.map(({ pem }) => pem)
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const args = [
    '-CAfile',
    file('root.pem', root.certPem),
    '-untrusted',
    file('rest.pem', rest.join('') || root.certPem),
  ]
  try {
    execFileSync(
      'openssl',
      ['verify', '-purpose', 'sslserver', '-auth_level', '2', ...args, file('leaf.pem', leaf ?? '')],
      { stdio: 'ignore' },
    )
    return true
  } catch {
    return false
  }
}

describe('a valid chain', () => {
  it('has no findings, with or without an intermediate', async () => {
    const middle = await authority('middle', [ca(0), usage(flags.keyCertSign)])
    const leaf = await make({ by: middle.authority, extensions: [san, usage(flags.digitalSignature)] })
    expect(judge(leaf, middle)).toEqual([])
    expect(judge(await make())).toEqual([])
    expect(opensslTakes(leaf, middle)).toBe(true)
  })

  it('may include its root, and an old root that only other clients know', async () => {
    const keys = await createKeyPair('rsa-2048')
    const old = await make({ name: 'new root', extensions: [ca()], keys, notAfter: fromNow(-1) })
    const newRoot: Authority = {
      ...(await createAuthority({ commonName: 'new root', keyType: 'rsa-2048' })),
      keys,
    }
    const middle = await make({ name: 'middle', by: { ...newRoot, certPem: old.pem }, extensions: [ca()] })
    const leaf = await make({ by: middle.authority })
    expect(judge(leaf, middle, old)).toEqual(['3 expired note'])
    expect(judge(await make(), root.certPem)).toEqual([])
  })
})

describe('a chain that clients refuse is an error', () => {
  const cases: readonly [string, () => Promise<Made[]>, string[]][] = [
    ['signed with SHA-1', async () => [await make({ hash: 'SHA-1' })], ['1 weak-signature wrong']],
    [
      'with an issuer that is not a CA',
      async () => {
        const middle = await make({ name: 'no CA', extensions: [new x509.BasicConstraintsExtension(false)] })
        return [await make({ by: middle.authority }), middle]
      },
      ['2 no-authority wrong'],
    ],
    [
      'with an issuer that does not state that it is a CA',
      async () => {
        const middle = await make({ name: 'silent', extensions: [] })
        return [await make({ by: middle.authority }), middle]
      },
      ['2 no-authority wrong'],
    ],
    [
      'that is longer than a CA allows',
      async () => {
        const top = await authority('top', [ca(0)])
        const middle = await authority('middle', [ca()], top.authority)
        return [await make({ by: middle.authority }), middle, top]
      },
      ['3 path-too-long wrong'],
    ],
    [
      'with an issuer that may not sign certificates',
      async () => {
        const middle = await authority('middle', [ca(), usage(flags.digitalSignature)])
        return [await make({ by: middle.authority }), middle]
      },
      ['2 key-usage wrong'],
    ],
    [
      'with an issuer only for clients',
      async () => {
        const middle = await authority('middle', [
          ca(),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        ])
        return [await make({ by: middle.authority }), middle]
      },
      ['2 extended-key-usage wrong'],
    ],
    [
      'only for clients',
      async () => [
        await make({
          extensions: [san, new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
        }),
      ],
      ['1 extended-key-usage wrong'],
    ],
    [
      'whose leaf may only sign certificates',
      async () => [await make({ extensions: [san, usage(flags.keyCertSign)] })],
      ['1 key-usage wrong'],
    ],
    [
      'with an unknown critical extension',
      async () => [await make({ extensions: [san, raw('1.3.6.1.4.1.99999.1', '0500')] })],
      ['1 unknown-critical wrong'],
    ],
    [
      'that is a precertificate',
      async () => [await make({ extensions: [san, raw('1.3.6.1.4.1.11129.2.4.3', '0500')] })],
      ['1 unknown-critical wrong'],
    ],
    [
      'with a name that its CA does not permit',
      async () => {
        // permittedSubtrees: example.org
        const middle = await authority('middle', [
          ca(),
          raw('2.5.29.30', '3011a00f300d820b6578616d706c652e6f7267'),
        ])
        return [await make({ by: middle.authority }), middle]
      },
      ['2 forbidden-name wrong'],
    ],
    [
      'with a name that its CA excludes',
      async () => {
        // excludedSubtrees: example.com
        const middle = await authority('middle', [
          ca(),
          raw('2.5.29.30', '3011a10f300d820b6578616d706c652e636f6d'),
        ])
        return [await make({ by: middle.authority }), middle]
      },
      ['2 forbidden-name wrong'],
    ],
    [
      'with the CA of the same name and another key',
      async () => {
        const [one, other] = [await authority('middle'), await authority('middle')]
        return [await make({ by: one.authority }), other]
      },
      ['2 bad-signature wrong'],
    ],
  ]
  it.each(cases)('%s', async (_what, chain, found) => {
    const made = await chain()
    expect(judge(...made)).toEqual(found)
    expect(opensslTakes(...made)).toBe(false)
  })

  it('when it contains the leaf twice', async () => {
    const leaf = await make()
    expect(judge(leaf, leaf)).toEqual(['2 twice wrong'])
  })
})

it.each([
  ['asks for a stapled answer', [san, raw('1.3.6.1.5.5.7.1.24', '3003020105', false)], 'must-staple'],
  ['may encrypt a key and not sign', [san, usage(flags.keyEncipherment)], 'key-usage'],
  ['has a subject key identifier that is critical', [san, raw('2.5.29.14', '04020102')], 'unknown-critical'],
])('a leaf that only some clients refuse gets a note: it %s', async (_what, extensions, code) => {
  expect(judge(await make({ extensions }))).toEqual([`1 ${code} note`])
})

it('names within the constraints of the CA are accepted: a wildcard, an address and a name below the domain', async () => {
  // permittedSubtrees: .example.com, and the network 10.0.0.0/8
  const constraints = raw('2.5.29.30', '301ea01c300e820c2e6578616d706c652e636f6d300a87080a000000ff000000')
  const middle = await authority('middle', [ca(), constraints])
  const hosts = ['*.example.com', 'a.b.example.com', '10.1.2.3']
  const names = new x509.SubjectAlternativeNameExtension(
    hosts.map((value) => ({ type: /^\d/.test(value) ? 'ip' : 'dns', value })),
  )
  const good = await make({ by: middle.authority, extensions: [names] })
  expect(judge(good, middle)).toEqual([])
  expect(opensslTakes(good, middle)).toBe(true)
  const outside = new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '11.1.2.3' }])
  expect(judge(await make({ by: middle.authority, extensions: [outside] }), middle)).toEqual([
    '2 forbidden-name wrong',
  ])
})

it('a certificate that this package issues has no findings', async () => {
  const { certPem } = await issueCertificate({ hosts: ['localhost', '::1'], authority: root })
  expect(judge(certPem)).toEqual([])
})
