import assert from 'node:assert/strict'
import type { CaseContext } from '../../case-context.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw, type RawConnection } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

export const drainAnswerCases: readonly ConformanceCase[] = [
  {
    id: 'processes/drain/an-answer-that-is-owed-says-close',
    level: 'MUST',
    requirement:
      'A server that stops adds Connection: close to an answer that had not begun, and closes the connection after it.',
    source: 'RFC 9112 section 9.6',
    observes: ['timeouts.graceful'],
    async run(context) {
      const { connection, stopping } = await stopWhileSlow(context, [])
      await connection.closedByPeer(8_000)
      await stopping
      assert.match(
        connection.received(),
        /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*"waitedMs"/i,
      )
    },
  },
  {
    id: 'processes/drain/pipelined-requests-are-answered',
    level: 'MUST',
    requirement: 'A server that stops answers each request that was pipelined on a connection.',
    source: 'RFC 9112 sections 9.3.2 and 9.6',
    observes: ['timeouts.graceful'],
    async run(context) {
      const { connection, stopping } = await stopWhileSlow(context, ['/second', '/third'])
      await connection.closedByPeer(8_000)
      await stopping
      const seen = connection.received().match(/"waitedMs"|"\/second"|"\/third"/g)
      assert.deepEqual(seen, ['"waitedMs"', '"/second"', '"/third"'], connection.received())
    },
  },
]

/** Stops a subject while it works on a request, with others behind it on the same connection. */
async function stopWhileSlow(
  { start }: CaseContext,
  behind: readonly string[],
): Promise<{ connection: RawConnection; stopping: ReturnType<Subject['stop']> }> {
  const subject = await start({ timeouts: { graceful: '10s', keepAlive: '1m' } })
  const connection = await openRaw(subject)
  connection.send(['/slow?ms=1500', ...behind].map(get).join(''))
  await poll(async () => (await request({ ...subject, path: '/in-flight' })).body, {
    until: (body) => body.includes('"slow":1'),
    what: 'the request to be in flight',
  })
  return { connection, stopping: subject.stop() }
}
