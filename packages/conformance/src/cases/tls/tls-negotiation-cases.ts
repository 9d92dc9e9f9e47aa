import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import type { CaseContext } from '../../case-context.ts'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const only12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const satisfies ConnectionOptions
const dheClient = { ...only12, ciphers: 'DHE-RSA-AES128-GCM-SHA256' } as const satisfies ConnectionOptions

function ecdsa({ certificates: { server } }: CaseContext): { cert: string; key: string } {
  return { cert: server.certFile, key: server.keyFile }
}

function rsa({ certificates: { otherServer } }: CaseContext): { cert: string; key: string } {
  return { cert: otherServer.certFile, key: otherServer.keyFile }
}

export const tlsNegotiationCases: readonly ConformanceCase[] = [
  {
    id: 'tls/profile/modern-speaks-tls-1.3-alone',
    level: 'MUST',
    requirement: 'Under the modern profile, the server refuses a TLS 1.2 client and serves a TLS 1.3 client.',
    source: 'Mozilla, Server Side TLS: modern',
    observes: ['tls.profile'],
    async run(context) {
      const subject = await context.start({ tls: { ...ecdsa(context), profile: 'modern' } })
      assert.equal((await request({ ...subject, tls: only12 })).outcome, 'refused')
      assert.equal((await request({ ...subject, tls: {} })).tls?.version, 'TLSv1.3')
    },
  },
  {
    id: 'tls/profile/old-serves-clients-without-forward-secrecy',
    level: 'MUST',
    requirement:
      'A client with only RSA key exchange and CBC is served under the old profile, and refused under the intermediate one.',
    source: 'Mozilla, Server Side TLS: old; docs/options.md: tls.profile',
    observes: ['tls.profile'],
    async run(context) {
      const ancient = { ...only12, ciphers: 'AES128-SHA' }
      const old = await context.start({ tls: { ...rsa(context), profile: 'old' } })
      assert.equal((await request({ ...old, tls: ancient })).tls?.cipher, 'TLS_RSA_WITH_AES_128_CBC_SHA')
      const usual = await context.start({ tls: rsa(context) })
      assert.equal((await request({ ...usual, tls: ancient })).outcome, 'refused')
    },
  },
  {
    id: 'tls/profile/an-option-that-is-set-wins',
    level: 'MUST',
    requirement:
      'An explicit option overrides the profile, and a launch is refused if the two contradict each other.',
    source: 'docs/options.md: tls.profile',
    observes: ['tls.profile', 'tls.minVersion'],
    async run(context) {
      const subject = await context.start({
        tls: { ...ecdsa(context), profile: 'modern', minVersion: 'TLSv1.2' },
      })
      assert.equal((await request({ ...subject, tls: only12 })).tls?.version, 'TLSv1.2')
      const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256'
      const refused = await context.startRefused({ tls: { ...ecdsa(context), profile: 'modern', ciphers } })
      assert.equal(refused.code, 'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED')
    },
  },
  {
    id: 'tls/groups/only-those-of-the-list',
    level: 'MUST',
    requirement: 'The server refuses a client that has only other groups, under TLS 1.2 and 1.3.',
    source: 'RFC 8446 section 4.2.7; docs/options.md: tls.groups',
    observes: ['tls.groups'],
    async run(context) {
      const subject = await context.start({ tls: { ...rsa(context), groups: 'P-384' } })
      for (const version of [only12, {}]) {
        assert.equal((await request({ ...subject, tls: { ...version, ecdhCurve: 'P-384' } })).status, 200)
        assert.equal(
          (await request({ ...subject, tls: { ...version, ecdhCurve: 'X25519:P-521' } })).outcome,
          'refused',
        )
      }
    },
  },
  {
    id: 'tls/groups/hybrid-by-default',
    level: 'SHOULD',
    requirement: 'By default, the server serves a client that offers only the hybrid group X25519MLKEM768.',
    source: 'draft-ietf-tls-ecdhe-mlkem',
    observes: ['tls.groups'],
    async run(context) {
      const subject = await context.start({ tls: ecdsa(context) })
      const seen = await request({ ...subject, tls: { ecdhCurve: 'X25519MLKEM768' } })
      assert.equal(seen.status, 200, seen.reason)
    },
  },
  {
    id: 'tls/sigalgs/only-those-of-the-list',
    level: 'MUST',
    requirement: 'The server refuses a client that can verify only other signature algorithms.',
    source: 'RFC 8446 section 4.2.3; docs/options.md: tls.sigalgs',
    observes: ['tls.sigalgs'],
    async run(context) {
      const subject = await context.start({ tls: { ...rsa(context), sigalgs: 'RSA-PSS+SHA384' } })
      for (const version of [only12, {}]) {
        assert.equal(
          (await request({ ...subject, tls: { ...version, sigalgs: 'RSA-PSS+SHA384' } })).status,
          200,
        )
        assert.equal(
          (await request({ ...subject, tls: { ...version, sigalgs: 'RSA-PSS+SHA256' } })).outcome,
          'refused',
        )
      }
    },
  },
  {
    id: 'tls/sigalgs/unknown-and-unusable-lists-are-refused',
    level: 'MUST',
    requirement:
      "A launch is refused if a list has an unknown name, or if the key can't sign with any algorithm of the list.",
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_SIGALG_UNKNOWN, LOCKSTEP_ERR_TLS_SIGALGS_UNUSABLE',
    observes: ['tls.sigalgs', 'tls.groups'],
    async run(context) {
      const code = async (policy: object): Promise<string> =>
        (await context.startRefused({ tls: { ...ecdsa(context), ...policy } })).code
      assert.equal(await code({ sigalgs: 'ECDSA+SHA256:NOPE' }), 'LOCKSTEP_ERR_TLS_SIGALG_UNKNOWN')
      assert.equal(await code({ sigalgs: 'RSA-PSS+SHA256' }), 'LOCKSTEP_ERR_TLS_SIGALGS_UNUSABLE')
      assert.equal(await code({ groups: 'X25519:?NOPE' }), 'LOCKSTEP_ERR_TLS_GROUP_UNKNOWN')
    },
  },
  {
    id: 'tls/dhparam/auto-serves-finite-field-clients',
    level: 'MUST',
    requirement:
      'The server serves a client with only finite-field Diffie-Hellman if dhparam is set, and refuses it otherwise.',
    source: 'RFC 7919; docs/options.md: tls.dhparam',
    observes: ['tls.dhparam'],
    async run(context) {
      const subject = await context.start({ tls: { ...rsa(context), dhparam: 'auto' } })
      assert.equal(
        (await request({ ...subject, tls: dheClient })).tls?.cipher,
        'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
      )
      const without = await context.start({ tls: rsa(context) })
      assert.equal((await request({ ...without, tls: dheClient })).outcome, 'refused')
    },
  },
  {
    id: 'tls/dhparam/a-file-is-checked',
    level: 'MUST',
    requirement:
      'The server uses the dhparam file, and a launch with invalid, weak, unused or missing parameters is refused.',
    source: 'RFC 9325 section 4.4.2; docs/errors.md: LOCKSTEP_ERR_TLS_DHPARAM_…',
    observes: ['tls.dhparam'],
    needs: ['openssl'],
    async run(context) {
      const file = (name: string, text: string): string => {
        const path = join(context.folder, name)
        writeFileSync(path, text)
        return path
      }
      const group = (name: string): string =>
        file(
          `${name}.pem`,
          execFileSync('openssl', ['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', `group:${name}`], {
            encoding: 'utf8',
          }),
        )
      const code = async (policy: object): Promise<string> =>
        (await context.startRefused({ tls: { ...rsa(context), ...policy } })).code
      const subject = await context.start({ tls: { ...rsa(context), dhparam: group('ffdhe2048') } })
      assert.equal((await request({ ...subject, tls: dheClient })).status, 200)
      assert.equal(
        await code({ dhparam: file('garbage.pem', 'garbage') }),
        'LOCKSTEP_ERR_TLS_DHPARAM_INVALID',
      )
      assert.equal(await code({ dhparam: group('modp_1536') }), 'LOCKSTEP_ERR_TLS_DHPARAM_WEAK')
      assert.equal(await code({ dhparam: 'auto', profile: 'modern' }), 'LOCKSTEP_ERR_TLS_DHPARAM_UNUSED')
      assert.equal(await code({ ciphers: dheClient.ciphers }), 'LOCKSTEP_ERR_TLS_DHPARAM_MISSING')
    },
  },
]
