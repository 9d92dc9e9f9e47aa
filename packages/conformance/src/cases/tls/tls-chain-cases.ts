import assert from 'node:assert/strict'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { packPfx } from '../../certificates/pack-pfx.ts'
import { request } from '../../clients/http/node-client.ts'
import { ecdsaClient, rsaClient } from '../../clients/tls/key-type-clients.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const versions: readonly ConnectionOptions[] = [
  { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  { minVersion: 'TLSv1.3' },
]

export const tlsChainCases: readonly ConformanceCase[] = [
  {
    id: 'tls/cert/two-chains-each-client-gets-its-own',
    level: 'MUST',
    requirement:
      'With an ECDSA and an RSA chain, and keys in any order, a client that verifies only one type gets that chain.',
    source: 'RFC 8446 section 4.4.2.2; docs/options.md: tls.cert',
    observes: ['tls.cert', 'tls.key'],
    async run({ start, certificates: { server, otherServer } }) {
      const subject = await start({
        tls: {
          cert: [server.certFile, otherServer.certPem],
          key: [otherServer.keyFile, Buffer.from(server.keyPem)],
        },
      })
      for (const version of versions) {
        const toEcdsa = await request({ ...subject, tls: { ...version, ...ecdsaClient } })
        assert.deepEqual([toEcdsa.status, toEcdsa.tls?.fingerprint256], [200, server.fingerprint256])
        const toRsa = await request({ ...subject, tls: { ...version, ...rsaClient } })
        assert.deepEqual([toRsa.status, toRsa.tls?.fingerprint256], [200, otherServer.fingerprint256])
      }
    },
  },
  {
    id: 'tls/key/two-chains-with-a-foreign-key-are-refused',
    level: 'MUST',
    requirement: 'A launch with several pairs is refused if a key belongs to none of the certificates.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_KEY_MISMATCH, LOCKSTEP_ERR_TLS_CHAIN_DUPLICATE',
    observes: ['tls.key'],
    async run({ startRefused, certificates: { server, otherServer, stranger }, runtime }) {
      const cert = [server.certFile, otherServer.certFile]
      const foreign = await startRefused({ tls: { cert, key: [server.keyFile, stranger.keyFile] } })
      assert.equal(foreign.code, 'LOCKSTEP_ERR_TLS_KEY_MISMATCH')
      assert.ok(foreign.message.includes(runtime.path(stranger.keyFile)), foreign.message)
      const twice = await startRefused({
        tls: { cert: [server.certFile, stranger.certFile], key: [server.keyFile, stranger.keyFile] },
      })
      assert.ok(
        twice.faults.some(({ code }) => code === 'LOCKSTEP_ERR_TLS_CHAIN_DUPLICATE'),
        twice.message,
      )
    },
  },
  {
    id: 'tls/pfx/serves-its-chain',
    level: 'MUST',
    requirement:
      'The server serves the chain of a PKCS#12 file with a passphrase, including its intermediates.',
    source: 'RFC 7292; docs/options.md: tls.pfx',
    observes: ['tls.pfx'],
    needs: ['openssl'],
    async run({ start, startRefused, certificates, folder }) {
      const { server, passphrase, rootPem } = certificates
      const pfx = packPfx(server, { folder, passphrase })
      const seen = await request({
        ...(await start({ tls: { pfx, passphrase } })),
        tls: { ca: rootPem, rejectUnauthorized: true },
      })
      assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, server.fingerprint256])
      assert.equal((await startRefused({ tls: { pfx } })).code, 'LOCKSTEP_ERR_TLS_KEY_ENCRYPTED')
      assert.equal(
        (await startRefused({ tls: { pfx, passphrase: 'another' } })).code,
        'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
      )
      assert.equal(
        (await startRefused({ tls: { pfx, passphrase, cert: server.certFile } })).code,
        'LOCKSTEP_ERR_TLS_PFX_AND_CERT',
      )
    },
  },
  {
    id: 'tls/pfx/retired-encryption-is-refused',
    level: 'MUST',
    requirement:
      'A launch with a PKCS#12 file that is encrypted with RC2 is refused, and the error says what to do.',
    source: 'RFC 9579; docs/errors.md: LOCKSTEP_ERR_TLS_PFX_LEGACY',
    observes: ['tls.pfx'],
    needs: ['openssl'],
    async run({ startRefused, certificates: { server, passphrase }, folder }) {
      const pfx = packPfx(server, { folder, passphrase, algorithm: 'PBE-SHA1-RC2-40' })
      assert.equal((await startRefused({ tls: { pfx, passphrase } })).code, 'LOCKSTEP_ERR_TLS_PFX_LEGACY')
    },
  },
  {
    id: 'tls/key-permissions/a-key-that-others-may-read-is-refused',
    level: 'MUST',
    requirement:
      'A launch with a key file that others can read is refused, also behind a symbolic link, unless the user allows it.',
    source: 'PostgreSQL manual, section 18.9.3; docs/options.md: tls.keyPermissions',
    observes: ['tls.keyPermissions'],
    needs: ['unix-sockets'],
    async run({ start, startRefused, certificates: { server }, folder }) {
      const open = join(folder, 'open-key.pem')
      writeFileSync(open, server.keyPem)
      chmodSync(open, 0o644)
      const key = join(folder, 'link-key.pem')
      symlinkSync(open, key)
      const refused = await startRefused({ tls: { cert: server.certFile, key } })
      assert.equal(refused.code, 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS')
      assert.ok(refused.message.includes('0644'), refused.message)
      const subject = await start({ tls: { cert: server.certFile, key, keyPermissions: 'warn' } })
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
      assert.ok(
        subject.stderr().includes(key) || subject.stdout().includes(key),
        'there was no warning about it',
      )
    },
  },
]
