import { describe, expect, it } from 'vitest'
import { canonicalHost } from '../../src/options/kinds/tls/canonical-host.ts'
import { hostSelector } from '../../src/tls/context/sni-callback.ts'
import { expiringCertificates, expiryWarning } from '../../src/tls/expiring-certificates.ts'
import { mixedKeyFaults } from '../../src/tls/material/read-hosts.ts'
import type { LeafFacts, PlannedChain } from '../../src/tls/planned-tls.ts'
import { keyTypeOfAlgorithm } from '../../src/tls/policy/signature-algorithms.ts'

const dayMs = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')

function chain(leaf: Partial<LeafFacts>, keyType = 'ec'): PlannedChain {
  const facts = { fingerprint256: '', subject: 'CN=x', issuer: 'CN=x', hosts: [], selfSigned: true }
  return {
    cert: '',
    key: '',
    keyType,
    versions: [],
    leaf: { ...facts, notBefore: now, notAfter: now, ...leaf },
  }
}

describe('hostSelector', () => {
  const exact = { host: 'a.shop.test', chains: [] }
  const wildcard = { host: '*.shop.test', chains: [] }
  const settings = {
    sni: [wildcard, exact],
    chains: [chain({ hosts: ['WWW.own.test', '*.own.test', 'Solo.test'] })],
  }

  it.each([
    ['a.shop.test', { kind: 'host', host: exact }],
    ['A.SHOP.test.', { kind: 'host', host: exact }],
    ['b.shop.test', { kind: 'host', host: wildcard }],
    ['c.b.shop.test', { kind: 'reject' }],
    ['shop.test', { kind: 'reject' }],
    ['.shop.test', { kind: 'reject' }],
    ['www.own.test', { kind: 'default' }],
    ['api.own.test', { kind: 'default' }],
    ['solo.test', { kind: 'default' }],
    ['elsewhere.test', { kind: 'reject' }],
  ] as const)(
    'prefers the exact host, then a wildcard of one label, then the default: %s',
    (name, choice) => {
      expect(hostSelector({ ...settings, unknownHost: 'reject' })(name)).toEqual(choice)
      const lenient = hostSelector({ ...settings, unknownHost: 'default' })(name)
      expect(lenient).toEqual(choice.kind === 'reject' ? { kind: 'default' } : choice)
    },
  )
})

describe('canonicalHost', () => {
  it.each([
    ['Bücher.Example', 'xn--bcher-kva.example'],
    ['*.Bücher.Example', '*.xn--bcher-kva.example'],
    ['shop.test.', 'shop.test'],
    ['not a host', 'not a host'],
  ])('writes %s as %s', (given, written) => {
    expect(canonicalHost(given)).toBe(written)
  })
})

describe('mixedKeyFaults', () => {
  const hosts = [{ host: 'shop.test', chains: [chain({}, 'ec')] }]
  const chains = [chain({}, 'rsa'), chain({}, 'ec')]

  it('names each key type that a host would inherit from the default host', () => {
    const [fault, ...others] = mixedKeyFaults(hosts, { chains, source: '--tls-sni', keeps: true })
    expect(fault).toMatchObject({ code: 'LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS' })
    expect(fault?.message).toContain('tls.sni["shop.test"] has no rsa key')
    expect(others).toEqual([])
  })

  it('finds no fault where the host inherits nothing', () => {
    expect(mixedKeyFaults(hosts, { chains, source: '--tls-sni', keeps: false })).toEqual([])
  })
})

describe('expiringCertificates', () => {
  const warns = (
    days: { lived: number; left: number },
    expiryWarningDays: number | 'auto' = 'auto',
  ): boolean => {
    const leaf = {
      notBefore: new Date(now.getTime() - days.lived * dayMs),
      notAfter: new Date(now.getTime() + days.left * dayMs),
    }
    return (
      expiringCertificates({ ending: [], chains: [chain(leaf)], sni: [], expiryWarningDays }, now).length > 0
    )
  }

  it.each([
    { what: 'a year', lived: 350, left: 15, warned: false },
    { what: 'a year', lived: 351, left: 14, warned: true },
    { what: '47 days', lived: 37, left: 10, warned: false },
    { what: '47 days', lived: 38, left: 9, warned: true },
    { what: 'six days', lived: 4, left: 2, warned: false },
    { what: 'six days', lived: 5, left: 1, warned: true },
  ])('auto with a lifetime of $what and $left days left: $warned', ({ lived, left, warned }) => {
    expect(warns({ lived, left })).toBe(warned)
  })

  it('checks every certificate that is served, also those of further hosts', () => {
    const [soon, later] = [chain({ notAfter: now }), chain({ notAfter: new Date(now.getTime() + dayMs) })]
    const settings = {
      ending: [],
      chains: [later, soon],
      sni: [{ host: 'x', chains: [soon] }],
      expiryWarningDays: 0,
    }
    expect(expiringCertificates(settings, new Date(now.getTime() + 1))).toEqual([
      { ...soon.leaf, role: 'leaf' },
      { ...soon.leaf, role: 'leaf' },
    ])
  })

  it('a number warns within that many days, and 0 only after expiry', () => {
    expect(warns({ lived: 1, left: 60 }, 61)).toBe(true)
    expect(warns({ lived: 1, left: 60 }, 59)).toBe(false)
    expect(warns({ lived: 300, left: 0.5 }, 0)).toBe(false)
    expect(warns({ lived: 300, left: -0.5 }, 0)).toBe(true)
  })
})

describe('expiryWarning', () => {
  it.each([
    [new Date(now.getTime() + 1.5 * dayMs), 'expires on 2026-06-02T12:00:00.000Z (in 1 day). Renew it.'],
    [now, 'expires on 2026-06-01T00:00:00.000Z (in 0 days). Renew it.'],
    [new Date(now.getTime() - 1), 'has expired on 2026-05-31T23:59:59.999Z, and stays in use.'],
  ])('says when the certificate expires, or that it has expired: %s', (notAfter, says) => {
    const { leaf } = chain({ notAfter, hosts: ['shop.test', 'a.test'] })
    expect(expiryWarning({ ...leaf, role: 'leaf' }, now)).toContain(
      `The certificate CN=x for shop.test, a.test ${says}`,
    )
  })
})

describe('keyTypeOfAlgorithm', () => {
  it.each([
    ['ECDSA+SHA256', 'ec'],
    ['ecdsa_secp256r1_sha256', 'ec'],
    ['RSA-PSS+SHA256', 'rsa'],
    ['rsa_pss_rsae_sha256', 'rsa'],
    ['RSA+SHA384', 'rsa'],
    ['rsa_pss_pss_sha256', 'rsa-pss'],
    ['ed25519', 'ed25519'],
    ['mldsa65', null],
  ])('returns %s for %s', (algorithm, keyType) => {
    expect(keyTypeOfAlgorithm(algorithm)).toBe(keyType)
  })
})
