import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { openBareHttp2 } from '../../../clients/http/bare-http2.ts'
import { requestHttp2 } from '../../../clients/http/http2-client.ts'
import { record } from '../../../clients/recorder.ts'
import { pidsOf } from '../../../clients/workers.ts'
import type { ConformanceCase } from '../../../conformance-case.ts'
import type { Subject } from '../../../subject/subject.ts'
import { bothProtocols } from '../../both-protocols.ts'
import { controlFloods, type Flood, referenceFlood, resetFloods } from './floods.ts'

const deadlineMs = 15_000

/** Sends a flood until the server closes the connection. Returns whether it did. */
async function isEnded(subject: Subject, { name, turn, turns, unread }: Flood): Promise<boolean> {
  const connection = await openBareHttp2(subject)
  if (unread) connection.pause()
  // In slices, so that an answer of the server comes between them.
  const slice = Math.ceil(turns / 60)
  let closed = false
  for (let first = 0; first < turns && !closed; first += slice) {
    connection.send(Buffer.concat(Array.from({ length: slice }, (_, index) => turn(first + index))))
    closed = await connection.closedWithin(3)
  }
  closed ||= await connection.closedWithin(deadlineMs)
  record(name, {
    client: 'raw',
    outcome: closed ? 'refused' : 'silent',
    status: null,
    headers: {},
    body: '',
    tls: null,
    reason: closed ? 'the connection was closed' : 'the connection stayed open',
    alert: null,
  })
  connection.destroy()
  return closed
}

async function mustEndEach(subject: Subject, floods: readonly Flood[]): Promise<void> {
  const stayed: string[] = []
  for (const flood of floods) if (!(await isEnded(subject, flood))) stayed.push(flood.name)
  assert.ok(stayed.length === 0, `the connection stayed open after: ${stayed.join(', ')}`)
  assert.equal((await requestHttp2(subject)).status, 200)
}

export const floodCases: readonly ConformanceCase[] = [
  {
    id: 'hardening/http2/streams-that-the-server-resets',
    level: 'MUST',
    requirement:
      'The server closes the connection of a client that makes it reset each of its streams, and serves others.',
    source: 'CVE-2025-8671; RFC 9113 section 10.5',
    observes: ['tls.protocols'],
    async run(context) {
      await mustEndEach(await context.start({ tls: bothProtocols(context) }), resetFloods)
    },
  },
  {
    id: 'hardening/http2/control-frames',
    level: 'MUST',
    requirement:
      'The server closes the connection of a client that sends nothing but control frames, and serves others.',
    source: 'CVE-2019-9511 to CVE-2019-9518; RFC 9113 section 10.5',
    observes: ['tls.protocols'],
    async run(context) {
      await mustEndEach(await context.start({ tls: bothProtocols(context) }), controlFloods)
    },
  },
  {
    id: 'hardening/http2/memory-of-headers',
    level: 'MUST',
    requirement: 'Headers that grow when they are decoded are refused before they take memory.',
    source: 'RFC 7541 section 7.3; RFC 9113 section 10.5.1; CVE-2016-6581; CVE-2026-56846',
    observes: ['limits.headerBytes', 'limits.headerCount'],
    needs: ['proc'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context) })
      // Of a backend that runs programs, the launcher reads the requests.
      const pids = [...new Set([subject.pid, ...(await pidsOf(subject))])]
      const before = memoryOf(pids)
      const connection = await openBareHttp2(subject)
      const { turn, turns } = referenceFlood
      for (let index = 0; index < turns; index += 1) connection.send(turn(index))
      for (const index of [0, turns - 1]) {
        const { status, reset } = await connection.end(2 * index + 1, deadlineMs)
        const closed = await connection.closedWithin(0)
        assert.ok(closed || reset !== null || (status ?? 0) >= 400, `stream ${index} was served`)
      }
      const grown = (memoryOf(pids) - before) / 2 ** 20
      connection.destroy()
      assert.ok(grown < 200, `the processes took ${Math.round(grown)} MiB for 3 GB of fields`)
      assert.equal((await requestHttp2(subject)).status, 200)
    },
  },
]

/** Of processes together, in bytes: `VmRSS` of proc_pid_status(5). */
function memoryOf(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
  )
  return kibibytes.reduce((sum, one) => sum + one * 1_024, 0)
}
