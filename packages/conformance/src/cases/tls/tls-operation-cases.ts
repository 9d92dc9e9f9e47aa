import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { byEveryClient } from '../../clients/http/every-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { refused } from '../../clients/judge.ts'
import { poll } from '../../clients/poll.ts'
import { clientHello } from '../../clients/tls/client-hello.ts'
import { renegotiate } from '../../clients/tls/renegotiate.ts'
import { isResumed, resumesByBoth, takeSession } from '../../clients/tls/resume.ts'
import { allThatAnswer, crashOne, pidOf, workersOf } from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { serverPair } from './server-pair.ts'

export const tlsOperationCases: readonly ConformanceCase[] = [
  {
    id: 'tls/resumption/a-session-is-resumed',
    level: 'MUST',
    requirement: 'The server resumes a session that it issued, under TLS 1.2 and 1.3.',
    source: 'RFC 8446 section 2.2; RFC 5077',
    observes: ['tls.cert'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const target = { ...subject, tls: { minVersion: version, maxVersion: version } }
        const { resumed } = await isResumed(target, await takeSession(target))
        assert.equal(resumed, true, version)
      }
    },
  },
  {
    id: 'tls/resumption/by-any-worker',
    level: 'MUST',
    requirement: 'Every worker resumes a session that another worker issued.',
    source: 'DESIGN: the primary owns the session ticket keys',
    observes: ['tls.cert', 'workers'],
    async run(context) {
      const subject = await context.start({ workers: 2, tls: serverPair(context) })
      const target = { ...subject, tls: {} }
      await resumesByBoth(target, await takeSession(target))
    },
  },
  {
    id: 'tls/resumption/outlives-the-worker',
    level: 'MUST',
    requirement: 'The server resumes a session after the worker that issued it has crashed and was replaced.',
    source: 'DESIGN: the primary owns the session ticket keys',
    observes: ['tls.cert', 'workers'],
    async run(context) {
      const subject = await context.start({ workers: 2, tls: serverPair(context) })
      const target = { ...subject, tls: {} }
      const session = await takeSession(target)
      const before = await allThatAnswer(target, 2)
      if (context.backend.lacks?.includes('revival')) context.declines('replacement for a worker that dies')
      const dead = new Set<string>()
      const crash = async (): Promise<number> => {
        const worker = await crashOne(target).catch(() => '')
        if (before.includes(worker)) dead.add(worker)
        return dead.size
      }
      await poll(crash, { until: (count) => count === 2, what: 'the crash of both workers' })
      await poll(() => workersOf(target), {
        until: (workers) => workers.length === 2 && workers.every((worker) => !dead.has(worker)),
        what: 'two new workers',
      })
      for (let count = 0; count < 6; count += 1)
        assert.equal((await isResumed({ ...target, path: '/pid' }, session)).resumed, true)
    },
  },
  {
    id: 'tls/alpn/http-1.1-is-chosen',
    level: 'MUST',
    requirement: 'The server selects http/1.1 for a client that offers it.',
    source: 'RFC 7301 section 3.2',
    observes: ['tls.cert'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      await byEveryClient({ ...subject, tls: { alpn: ['http/1.1'] } }, (seen) =>
        assert.deepEqual([seen.status, seen.tls?.alpn], [200, 'http/1.1']),
      )
    },
  },
  {
    id: 'tls/alpn/none-is-served',
    level: 'MUST',
    requirement: 'The server serves a client without ALPN over HTTP/1.1.',
    source: 'RFC 7301 section 3.1',
    observes: ['tls.cert'],
    needs: ['openssl'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      await byEveryClient({ ...subject, tls: {} }, (seen) => {
        assert.equal(seen.status, 200)
        if (seen.client === 'openssl') assert.equal(seen.tls?.alpn, null)
      })
    },
  },
  {
    id: 'tls/cert/garbage-is-closed',
    level: 'MUST',
    requirement:
      'The server never answers bytes that are neither TLS nor HTTP with success, and keeps serving.',
    source: 'RFC 8446 section 5.1',
    observes: ['tls.cert'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      for (const bytes of [
        Buffer.alloc(512, 0xff),
        Buffer.from('SSH-2.0-client\r\n'),
        Buffer.of(22, 3, 1, 255, 255),
      ]) {
        const connection = await openRaw(subject)
        connection.send(bytes)
        if (bytes[0] === 22) connection.send(Buffer.alloc(1_000, 0))
        await connection.closedByPeer(8_000)
        assert.doesNotMatch(connection.received(), /^HTTP\/1\.1 [23]/)
      }
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
    },
  },
  {
    id: 'tls/cert/tls-to-a-plain-port-fails-fast',
    level: 'MUST',
    requirement: 'A port without TLS refuses a TLS client at once.',
    source: 'DESIGN: the founding bug',
    observes: ['tls.cert'],
    async run({ start }) {
      const subject = await start()
      await byEveryClient({ ...subject, tls: {} }, refused, { deadlineMs: 3_000 })
    },
  },
  {
    id: 'tls/cert/renegotiation-is-refused',
    level: 'MUST',
    requirement: 'The server refuses a second handshake on a connection.',
    source: 'RFC 8446 section 4.1.2; RFC 9325 section 3.5',
    observes: ['tls.cert'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      assert.notEqual(await renegotiate(subject), null)
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
    },
  },
  {
    id: 'tls/cert/resets-in-mid-handshake-leak-nothing',
    level: 'MUST',
    requirement: 'A thousand clients that disconnect during the handshake leave no descriptor open.',
    source: 'DESIGN: everything has an owner that disposes of it',
    observes: ['tls.cert'],
    needs: ['proc'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      const target = { ...subject, tls: {} }
      const pids = new Set([subject.pid, await pidOf(target)])
      const descriptors = (): number =>
        [...pids].reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
      const before = descriptors()
      const hello = await clientHello()
      for (let round = 0; round < 20; round += 1) {
        const connections = await Promise.all(Array.from({ length: 50 }, () => openRaw(subject)))
        for (const [index, connection] of connections.entries())
          connection.send(hello.subarray(0, 1 + ((index * 37) % hello.length)))
        for (const connection of connections) connection.reset()
      }
      assert.equal((await request(target)).status, 200)
      await poll(descriptors, {
        // One connection may be open while it is counted.
        until: (count) => count <= before + 2,
        what: `the descriptors to be as many as before (${before})`,
      })
    },
  },
]
