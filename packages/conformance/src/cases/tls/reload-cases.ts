import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseContext } from '../../case-context.ts'
import { type ReplaceablePair, renamedFiles } from '../../certificates/replaceable-pair.ts'
import { createRevocationFiles } from '../../certificates/revocation.ts'
import type { PairFiles } from '../../certificates.ts'
import { byEveryClient } from '../../clients/http/every-client.ts'
import { openKept } from '../../clients/http/kept-connection.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import { leavesOfWorkers } from '../../clients/tls/leaves-of-workers.ts'
import { resumesByBoth, takeSession } from '../../clients/tls/resume.ts'
import { crashOne } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

/** The paths stay, the certificate behind them changes. The watch is off, so that the only reload is the one that is asked for. */
function pairOf({ folder, certificates }: CaseContext): {
  files: ReplaceablePair
  tls: { cert: string; key: string; watch: false }
} {
  const files = renamedFiles(folder, certificates.server)
  return { files, tls: { cert: files.cert, key: files.key, watch: false } }
}

const done = { changed: true, code: null }

export const reloadCases: readonly ConformanceCase[] = [
  {
    id: 'tls/reload/new-connections-meet-the-new-leaf',
    level: 'MUST',
    requirement:
      'After a reload every new connection gets the new certificate, and an open one keeps the old.',
    source: 'RFC 8446 section 4.4.2; issue of the founding design, "A changed certificate"',
    observes: ['tls.cert', 'tls.key'],
    async run(context) {
      const { files, tls } = pairOf(context)
      const { server, otherServer } = context.certificates
      const subject = await context.start({ tls, timeouts: { keepAlive: '30s' } })
      using kept = await openKept({ ...subject, tls: {} })
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), done)
      await byEveryClient({ ...subject, tls: {} }, (seen) =>
        assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, otherServer.fingerprint256]),
      )
      assert.equal((await kept.get('/')).status, 200)
      assert.equal(kept.fingerprint256, server.fingerprint256)
    },
  },
  {
    id: 'tls/reload/a-bad-pair-changes-nothing',
    level: 'MUST',
    requirement:
      'A reload of a certificate without its key is refused, and the server keeps the old pair until it gets a good one.',
    source: 'design, "A changed certificate"',
    observes: ['tls.cert', 'tls.key'],
    async run(context) {
      const { files, tls } = pairOf(context)
      const { server, otherServer, garbageFile } = context.certificates
      const subject = await context.start({ tls })
      const stays = async (code: string): Promise<void> => {
        assert.deepEqual(await subject.applyTls(), { changed: false, code })
        const seen = await request({ ...subject, tls: {} })
        assert.deepEqual([seen.status, seen.tls?.fingerprint256], [200, server.fingerprint256])
      }
      files.replace({ certPem: otherServer.certPem, keyPem: server.keyPem })
      await stays('LOCKSTEP_ERR_TLS_KEY_MISMATCH')
      files.replace({ certPem: readFileSync(garbageFile, 'utf8'), keyPem: server.keyPem })
      await stays('LOCKSTEP_ERR_TLS_CERT_INVALID')
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), done)
      const seen = await request({ ...subject, tls: {} })
      assert.equal(seen.tls?.fingerprint256, otherServer.fingerprint256)
    },
  },
  {
    id: 'tls/reload/keeps-the-policy',
    level: 'MUST',
    requirement: 'A reload of the certificate keeps versions, ciphers and client authentication as they are.',
    source: "Node's manual, server.setSecureContext(): what it is not given is reset (measured)",
    observes: ['tls.minVersion', 'tls.ciphersuites', 'tls.clientAuth', 'tls.ca'],
    async run(context) {
      const { files, tls } = pairOf(context)
      const { otherServer, clientAuthorityFile, client, stranger } = context.certificates
      const subject = await context.start({
        tls: {
          ...tls,
          minVersion: 'TLSv1.3',
          ciphersuites: 'TLS_AES_256_GCM_SHA384',
          ca: clientAuthorityFile,
          clientAuth: 'require',
        },
      })
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), done)
      const ask = { ...subject, tls: { certificate: client } }
      await byEveryClient(ask, (seen) =>
        assert.deepEqual([seen.status, seen.tls?.cipher], [200, 'TLS_AES_256_GCM_SHA384']),
      )
      for (const refused of [
        { certificate: client, version: 'TLSv1.2' as const },
        { certificate: client, ciphersuites: 'TLS_AES_128_GCM_SHA256' },
        { certificate: stranger },
        {},
      ])
        await byEveryClient({ ...subject, tls: refused }, (seen) => assert.equal(seen.outcome, 'refused'))
    },
  },
  {
    id: 'tls/reload/loses-no-handshake',
    level: 'MUST',
    requirement: 'None of 1,000 handshakes fails while the certificate is reloaded repeatedly.',
    source: 'facts measured of Node: reloads under load lose nothing',
    observes: ['tls.cert', 'tls.key'],
    slow: true,
    async run(context) {
      const { files, tls } = pairOf(context)
      const pairs = [context.certificates.otherServer, context.certificates.server]
      const subject = await context.start({ tls })
      const failures: string[] = []
      let asked = 0
      let reloads = 0
      // Where processes are slow to start, a reload outlasts many handshakes: the clients go on until there were several.
      const goesOn = (): boolean => asked < 1_000 || reloads < 3
      const client = async (): Promise<void> => {
        while (goesOn()) {
          asked += 1
          const seen = await request({ ...subject, tls: {} })
          if (seen.status !== 200)
            failures.push(`${seen.outcome} ${seen.reason}; ${asked} connections, ${reloads} reloads`)
        }
      }
      const clients = Promise.all(Array.from({ length: 4 }, client))
      try {
        while (goesOn()) {
          files.replace(pairs[reloads % 2] as PairFiles)
          assert.deepEqual(await subject.applyTls(), done)
          reloads += 1
        }
      } finally {
        reloads = Number.POSITIVE_INFINITY
        asked = Math.max(asked, 1_000)
      }
      await clients
      assert.deepEqual(failures, [])
    },
  },
  {
    id: 'tls/reload/every-worker-and-a-late-one',
    level: 'MUST',
    requirement: 'After a reload every worker presents the new certificate, and so does a later replacement.',
    source: 'design, "A changed certificate"',
    observes: ['tls.cert', 'workers'],
    async run(context) {
      const { files, tls } = pairOf(context)
      const { otherServer } = context.certificates
      const subject = await context.start({ tls, workers: 2 })
      files.replace(otherServer)
      assert.deepEqual(await subject.applyTls(), done)
      const target = { ...subject, tls: {} }
      const isNew = (leaf: string): boolean => leaf === otherServer.fingerprint256
      const both = await leavesOfWorkers(target)
      assert.equal(both.size, 2)
      assert.ok([...both.values()].every(isNew), 'a worker shows the old leaf')
      if (context.backend.lacks?.includes('revival')) return
      const dead = await crashOne(target)
      const after = await poll(() => leavesOfWorkers(target).catch(() => new Map<string, string>()), {
        until: (leaves) => leaves.size === 2 && !leaves.has(dead),
        what: 'a worker in its place',
      })
      assert.ok([...after.values()].every(isNew), 'the late worker shows the old leaf')
    },
  },
  {
    id: 'tls/resumption/across-a-reload',
    level: 'MUST',
    requirement: 'After a reload of the certificate, any worker resumes a session from before.',
    source: 'design: the primary owns the ticket keys',
    observes: ['tls.cert', 'workers'],
    async run(context) {
      const { files, tls } = pairOf(context)
      const subject = await context.start({ tls, workers: 2 })
      const target = { ...subject, tls: {}, path: '/pid' }
      const session = await takeSession(target)
      files.replace(context.certificates.otherServer)
      assert.deepEqual(await subject.applyTls(), done)
      await resumesByBoth(target, session)
    },
  },
  {
    id: 'tls/crl/a-new-list-holds-after-a-reload',
    level: 'MUST',
    requirement:
      'After a reload the server refuses a client that the new list revokes, even with an earlier session, and serves others.',
    source: 'RFC 5280 section 6.3; RFC 8446 section 2.2: a resumed session shows no certificate again',
    observes: ['tls.crl'],
    doors: ['launch', 'command'],
    async run({ start, folder, certificates: { server } }) {
      const { ca, good, revoked, earlier, list } = await createRevocationFiles(folder)
      const crl = join(folder, 'current.pem')
      writeFileSync(crl, readFileSync(earlier))
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, ca, crl, clientAuth: 'require', watch: false },
      })
      const target = { ...subject, tls: { cert: revoked.certPem, key: revoked.keyPem } }
      assert.equal((await request(target)).status, 200)
      const session = await takeSession(target)
      writeFileSync(crl, readFileSync(list))
      assert.deepEqual(await subject.applyTls(), done)
      assert.equal((await request(target)).outcome, 'refused')
      assert.equal((await request({ ...target, tls: { ...target.tls, session } })).outcome, 'refused')
      const other = await request({ ...subject, tls: { cert: good.certPem, key: good.keyPem } })
      assert.equal(other.status, 200)
    },
  },
  {
    id: 'tls/resumption/ends-when-trust-changes',
    level: 'MUST',
    requirement:
      'After a reload the server refuses a client that the new CA does not trust, even with an earlier session.',
    source: 'RFC 8446 section 2.2: a resumed session shows no certificate again',
    observes: ['tls.ca', 'tls.clientAuth'],
    doors: ['launch', 'command'],
    async run({ start, folder, certificates }) {
      const { server, client, clientAuthorityFile, rootPem } = certificates
      const ca = join(folder, 'client-ca.pem')
      writeFileSync(ca, readFileSync(clientAuthorityFile))
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, ca, clientAuth: 'require', watch: false },
      })
      const tls = { cert: client.certPem, key: client.keyPem }
      const sessions = await Promise.all(
        (['TLSv1.2', 'TLSv1.3'] as const).map(async (version) => {
          const target = { ...subject, tls: { ...tls, minVersion: version, maxVersion: version } }
          return { target, session: await takeSession(target) }
        }),
      )
      writeFileSync(ca, rootPem)
      assert.deepEqual(await subject.applyTls(), done)
      for (const { target, session } of sessions) {
        const seen = await request({ ...target, tls: { ...target.tls, session } })
        assert.equal(seen.outcome, 'refused', `${target.tls.minVersion}: it was served`)
      }
    },
  },
]
