import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { byEveryClient } from '../../clients/http/every-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { pidOf } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const tlsIdentityCases: readonly ConformanceCase[] = [
  {
    id: 'tls/cert/serves-that-leaf-with-its-chain',
    level: 'MUST',
    requirement:
      'The server presents the configured certificate with its intermediates, so that a client with only the root trusts it.',
    source: 'RFC 8446 section 4.4.2',
    observes: ['tls.cert', 'tls.key'],
    async run({ start, certificates }) {
      const { server, rootFile } = certificates
      const subject = await start({ tls: { cert: server.certFile, key: server.keyFile } })
      await byEveryClient({ ...subject, tls: { trust: rootFile } }, (seen) => {
        assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, server.fingerprint256])
        assert.deepEqual(seen.tls?.chain.slice(0, 2), ['localhost', 'conformance intermediate'])
      })
    },
  },
  {
    id: 'tls/cert/another-pair-serves-another-leaf',
    level: 'MUST',
    requirement: 'The server presents another certificate when the options hold another pair as text.',
    source: 'docs/options.md: tls.cert',
    observes: ['tls.cert', 'tls.key'],
    async run({ start, certificates }) {
      const { otherServer } = certificates
      const subject = await start({
        tls: { cert: otherServer.certPem, key: Buffer.from(otherServer.keyPem) },
      })
      const seen = await request({ ...subject, tls: {} })
      assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, otherServer.fingerprint256])
    },
  },
  {
    id: 'tls/cert/byte-order-mark-and-windows-line-ends',
    level: 'MUST',
    requirement:
      'Lockstep reads a PEM file with a byte order mark and Windows line ends, under a path with spaces and non-ASCII letters.',
    source: 'RFC 7468 section 2',
    observes: ['tls.cert'],
    async run({ start, certificates, folder }) {
      const { server } = certificates
      const cert = join(folder, 'chaîne de certificats ü.pem')
      writeFileSync(cert, `\uFEFF${server.certPem.replaceAll('\n', '\r\n')}`)
      const subject = await start({ tls: { cert, key: server.keyFile } })
      assert.equal((await request({ ...subject, tls: {} })).tls?.fingerprint256, server.fingerprint256)
    },
  },
  {
    id: 'tls/cert/plain-http-gets-no-answer',
    level: 'MUST',
    requirement: 'A TLS port never answers plain HTTP with success.',
    source: 'DESIGN: the founding bug',
    observes: ['tls.cert'],
    async run({ start, certificates }) {
      const subject = await start({
        tls: { cert: certificates.server.certFile, key: certificates.server.keyFile },
      })
      const { status } = await request({ ...subject })
      assert.ok(status === null || status >= 400, `it answered ${status}`)
    },
  },
  {
    id: 'tls/passphrase/opens-the-key',
    level: 'MUST',
    requirement: 'Lockstep opens an encrypted key with the given passphrase.',
    source: 'docs/options.md: tls.passphrase',
    observes: ['tls.passphrase'],
    async run({ start, startRefused, certificates }) {
      const { encrypted, passphrase } = certificates
      const files = { cert: encrypted.certFile, key: encrypted.keyFile }
      const subject = await start({ tls: { ...files, passphrase } })
      assert.equal((await request({ ...subject, tls: {} })).tls?.fingerprint256, encrypted.fingerprint256)
      assert.equal(
        (await startRefused({ tls: { ...files, passphrase: 'another' } })).code,
        'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
      )
      assert.equal((await startRefused({ tls: files })).code, 'LOCKSTEP_ERR_TLS_KEY_ENCRYPTED')
    },
  },
  {
    id: 'tls/passphrase-file/opens-the-key',
    level: 'MUST',
    requirement:
      'Lockstep opens an encrypted key with the passphrase in a file, without its final line break.',
    source: 'docs/options.md: tls.passphraseFile',
    observes: ['tls.passphraseFile'],
    async run({ start, certificates, folder }) {
      const { encrypted, passphrase } = certificates
      const passphraseFile = join(folder, 'passphrase')
      writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 })
      const subject = await start({
        tls: { cert: encrypted.certFile, key: encrypted.keyFile, passphraseFile },
      })
      assert.equal((await request({ ...subject, tls: {} })).tls?.fingerprint256, encrypted.fingerprint256)
    },
  },
  {
    id: 'tls/passphrase-command/opens-the-key',
    level: 'MUST',
    requirement: 'Lockstep opens an encrypted key with the passphrase that a command prints.',
    source: 'docs/options.md: tls.passphraseCommand',
    observes: ['tls.passphraseCommand'],
    async run({ start, certificates, folder, runtime }) {
      const { encrypted, passphrase } = certificates
      const script = join(folder, 'print.mjs')
      writeFileSync(script, `process.stdout.write(${JSON.stringify(`${passphrase}\n`)})`)
      const subject = await start({
        tls: {
          cert: encrypted.certFile,
          key: encrypted.keyFile,
          passphraseCommand: `"${runtime.nodePath}" "${runtime.path(script)}"`,
        },
      })
      assert.equal((await request({ ...subject, tls: {} })).tls?.fingerprint256, encrypted.fingerprint256)
    },
  },
  {
    id: 'tls/passphrase/no-trace-in-the-process-list',
    level: 'MUST',
    requirement:
      'The passphrase is neither in the arguments nor in the environment of a process that Lockstep starts.',
    source: 'DESIGN: key material goes by message',
    observes: ['tls.passphrase'],
    needs: ['proc'],
    async run({ start, certificates, door }) {
      const { encrypted, passphrase } = certificates
      const subject = await start({ tls: { cert: encrypted.certFile, key: encrypted.keyFile, passphrase } })
      const worker = await pidOf({ ...subject, tls: {} })
      for (const pid of new Set([subject.pid, worker])) {
        // If a user passes it to the command in a variable, that is the user's own choice.
        const files = door === 'command' && pid === subject.pid ? ['cmdline'] : ['cmdline', 'environ']
        for (const file of files)
          assert.ok(!readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(passphrase), `${file} of ${pid}`)
      }
    },
  },
  {
    id: 'tls/self-signed/made-once-and-kept',
    level: 'MUST',
    requirement:
      'Lockstep makes a certificate for localhost on first use, issues it by its local CA, and serves it again at the next start.',
    source: 'docs/options.md: tls.selfSigned',
    observes: ['tls.selfSigned'],
    async run({ start }) {
      const first = await request({ ...(await start({ tls: { selfSigned: true } })), tls: {} })
      const second = await request({ ...(await start({ tls: { selfSigned: true } })), tls: {} })
      assert.deepEqual([first.status, first.tls?.chain], [200, ['localhost']])
      assert.equal(second.tls?.fingerprint256, first.tls?.fingerprint256)
    },
  },
  {
    id: 'tls/cert/a-relative-path-starts-where-it-was-written',
    level: 'MUST',
    requirement: 'A relative path starts in the folder of the source that names it.',
    source: 'DESIGN: options',
    observes: ['tls.cert', 'tls.key'],
    async run({ start, certificates, folder }) {
      const { server } = certificates
      writeFileSync(join(folder, 'own.pem'), server.certPem)
      writeFileSync(join(folder, 'own-key.pem'), server.keyPem, { mode: 0o600 })
      const subject = await start({ tls: { cert: 'own.pem', key: './own-key.pem' } })
      assert.equal((await request({ ...subject, tls: {} })).tls?.fingerprint256, server.fingerprint256)
    },
  },
]
