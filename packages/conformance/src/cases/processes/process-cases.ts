import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import {
  allThatAnswer,
  answeringWorker,
  crashOne,
  pidOf,
  workerOf,
  workersOf,
} from '../../clients/workers.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

export const processCases: readonly ConformanceCase[] = [
  {
    id: 'processes/workers/that-many-serve',
    level: 'MUST',
    requirement: 'Exactly the given number of workers serve.',
    source: 'docs/options.md: workers',
    observes: ['workers', 'backend'],
    async run({ start, backend }) {
      const subject = await start({ workers: 3 })
      const workers = new Set<string>()
      const pids = new Set<number>()
      // How they share is a matter of `balance`: one that is idle may get few.
      for (let count = 0; count < 200 && (count < 30 || workers.size < 3); count += 1) {
        const { worker, pid } = await answeringWorker(subject)
        workers.add(worker)
        pids.add(pid)
      }
      assert.equal(workers.size, 3, `answers came from ${JSON.stringify([...workers])}`)
      if (backend.lacks?.includes('processes'))
        assert.deepEqual([...pids], [subject.pid], 'threads are in the process of the launcher')
      else assert.ok(!pids.has(subject.pid), 'the primary supervises and does not serve')
    },
  },
  {
    id: 'processes/backend/is-the-one-that-was-named',
    level: 'MUST',
    requirement: 'The launch uses the named backend.',
    source: 'docs/options.md: backend',
    observes: ['backend'],
    async run({ start, backend }) {
      const subject = await start()
      assert.equal(subject.backend, backend.name)
    },
  },
  {
    id: 'processes/workers/a-dead-one-is-replaced',
    level: 'MUST',
    requirement: 'The server replaces a worker that dies, and the other workers keep serving.',
    source: 'DESIGN: a worker’s death',
    observes: ['workers'],
    async run({ start, backend }) {
      const subject = await start({ workers: 2 })
      const before = await allThatAnswer(subject, 2)
      const dead = await crashOne(subject)
      if (backend.lacks?.includes('revival')) {
        await poll(() => request({ ...subject, deadlineMs: 1_000 }), {
          until: ({ outcome }) => outcome === 'refused',
          what: 'the whole server to end with the worker that died',
        })
        return
      }
      const after = await poll(() => workersOf(subject), {
        until: (workers) => workers.length === 2 && !workers.includes(dead),
        what: 'a new worker beside the old one',
      })
      const healthy = before.find((worker) => worker !== dead)
      assert.ok(healthy !== undefined && after.includes(healthy), 'the healthy worker stays')
    },
  },
  {
    id: 'processes/hang-timeout/a-blocked-worker-is-replaced',
    level: 'MUST',
    requirement: 'The server replaces a worker whose event loop is blocked for longer than the hang timeout.',
    source: 'docs/options.md: timeouts.hang',
    observes: ['timeouts.hang'],
    async run({ start }) {
      const subject = await start({ timeouts: { hang: '500ms' } })
      const before = await workerOf(subject)
      const blocked = request({ ...subject, path: '/block?ms=20000', deadlineMs: 10_000 })
      await poll(() => workerOf(subject).catch(() => before), {
        until: (worker) => worker !== before,
        what: 'another worker to answer',
      })
      assert.notEqual((await blocked).outcome, 'served')
    },
  },
  {
    id: 'processes/hang-timeout/a-busy-worker-is-left-alone',
    level: 'MUST',
    requirement: 'The server keeps a worker that is blocked for less than the hang timeout.',
    source: 'docs/options.md: timeouts.hang',
    observes: ['timeouts.hang'],
    async run({ start }) {
      const subject = await start({ timeouts: { hang: '3s' } })
      const before = await workerOf(subject)
      assert.equal((await request({ ...subject, path: '/block?ms=800' })).status, 200)
      assert.equal(await workerOf(subject), before)
    },
  },
  {
    id: 'processes/name/shows-in-the-process-list',
    level: 'MUST',
    requirement: 'The process list shows the name for the launcher and for the processes that serve.',
    source: 'docs/options.md: name',
    observes: ['name'],
    needs: ['proc'],
    async run({ start, isFront }) {
      const subject = await start({ name: 'lockstep-conformance' })
      // A program has the title that it chooses.
      for (const pid of new Set([subject.pid, isFront ? subject.pid : await pidOf(subject)])) {
        const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        assert.match(title, /^lockstep-conformance/)
      }
    },
  },
  {
    id: 'processes/name/stands-in-each-log-line',
    level: 'MUST',
    requirement: 'The name is in each line of the log, also where the process list has no titles.',
    source: 'docs/options.md: name',
    observes: ['name'],
    // A backend alone has no launcher that writes a log.
    doors: ['launch', 'command'],
    async run({ start }) {
      const subject = await start({ name: 'lockstep-conformance', log: { format: 'json', level: 'debug' } })
      await subject.stop()
      const lines = subject.stderr().trim().split('\n')
      assert.ok(lines.length > 1, `it wrote ${lines.length} lines`)
      for (const line of lines)
        assert.equal((JSON.parse(line) as { name?: unknown }).name, 'lockstep-conformance', line)
    },
  },
  {
    id: 'processes/pid-file/names-the-launcher-while-it-runs',
    level: 'MUST',
    requirement: "The PID file holds the launcher's process id while it runs, and is gone afterwards.",
    source: 'docs/options.md: pidFile',
    observes: ['pidFile'],
    async run({ start, folder }) {
      const pidFile = join(folder, 'server.pid')
      const subject = await start({ pidFile })
      assert.ok(existsSync(pidFile), 'there is no PID file')
      const named = Number(readFileSync(pidFile, 'utf8'))
      assert.equal(named, subject.pid)
      await subject.stop()
      assert.equal(existsSync(pidFile), false)
    },
  },
  {
    id: 'processes/verify/measures-every-address',
    level: 'MUST',
    requirement:
      'The launch measures every bound address before it resolves, and none when verification is off.',
    source: 'DESIGN: the banner is a measurement',
    observes: ['verify'],
    async run({ start, certificates }) {
      const tls = { cert: certificates.server.certFile, key: certificates.server.keyFile }
      const measured = await start({ tls })
      const address = `127.0.0.1:${measured.port}`
      assert.deepEqual(measured.verified, [
        { connectedTo: address, fingerprint256: certificates.server.fingerprint256 },
      ])
      const plain = await start()
      assert.deepEqual(plain.verified, [{ connectedTo: `127.0.0.1:${plain.port}`, fingerprint256: null }])
      const unmeasured = await start({ tls, verify: false })
      assert.equal(unmeasured.verified, null)
    },
  },
  {
    id: 'processes/graceful-timeout/lets-a-request-end',
    level: 'MUST',
    requirement: 'A server that stops completes a request in flight within the graceful timeout.',
    source: 'docs/options.md: timeouts.graceful; RFC 9112 section 9.6',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ timeouts: { graceful: '10s' } })
      const slow = request({ ...subject, path: '/slow?ms=800' })
      await poll(() => connections(subject), {
        until: (count) => count > 0,
        what: 'the request to be in flight',
      })
      const tookMs = await subject.stop()
      assert.equal((await slow).status, 200)
      assert.ok(tookMs < 5_000, `stopping took ${tookMs} ms`)
      assert.equal((await request({ ...subject })).outcome, 'refused')
    },
  },
  {
    id: 'processes/graceful-timeout/is-a-deadline',
    level: 'MUST',
    requirement: 'A request that takes longer than the graceful timeout does not delay a stop any further.',
    source: 'docs/options.md: timeouts.graceful',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ timeouts: { graceful: '400ms' } })
      const slow = request({ ...subject, path: '/slow?ms=30000', deadlineMs: 20_000 })
      await poll(() => connections(subject), {
        until: (count) => count > 0,
        what: 'the request to be in flight',
      })
      const tookMs = await subject.stop()
      assert.ok(tookMs >= 300 && tookMs < 5_000, `stopping took ${tookMs} ms`)
      assert.notEqual((await slow).outcome, 'served')
    },
  },
]

/** Whether a request is being handled. The app reports it, because it counts them itself. */
async function connections(subject: Subject): Promise<number> {
  const { body } = await request({ ...subject, path: '/in-flight', deadlineMs: 1_000 })
  return (JSON.parse(body) as { slow: number }).slow
}
