import assert from 'node:assert/strict'
import type { OptionInput } from '@lockstep/core/internal'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { startNewConnections } from '../../clients/new-connections.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const waitingConnections = 40
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

/** A stop while clients go on connecting. */
export function stopUnderLoadCase(
  id: string,
  { balance }: { balance?: Exclude<OptionInput<'balance'>, undefined> } = {},
): ConformanceCase {
  return {
    id,
    level: 'MUST',
    requirement: `${balance ? `Under ${balance}, a` : 'A'} server that stops while clients keep connecting answers every client whose connection was open.`,
    source: 'docs/lifecycle.md; RFC 9293 section 3.10.7.4',
    observes: balance ? ['balance', 'timeouts.graceful'] : ['timeouts.graceful'],
    // Only Linux has a way to close a port in a moment in which nothing is in its queue.
    needs: ['proc'],
    async run({ start }) {
      const subject = await start({
        timeouts: { graceful: '15s' },
        ...(balance && { workers: 2, balance }),
      })
      const load = startNewConnections(subject, { clients: 24 })
      await poll(async () => load.answered(), { until: (count) => count > 100, what: 'answers' })
      load.stopBegins()
      await subject.stop()
      assert.deepEqual(await load.lost, [])
    },
  }
}

export const acceptQueueCases: readonly ConformanceCase[] = [
  stopUnderLoadCase('processes/drain/no-new-connection-is-lost'),
  {
    id: 'processes/drain/the-queue-of-the-listener-is-served',
    level: 'MUST',
    requirement:
      'The server answers connections that the system completed before a stop, even if it was too busy to accept them.',
    source: 'RFC 9293 section 3.10.7.4: a listening socket that is closed resets them',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ timeouts: { graceful: '15s' } })
      const busy = await openRaw(subject)
      busy.send(get('/block?ms=2500'))
      await poll(() => request({ ...subject, deadlineMs: 250 }), {
        until: ({ outcome }) => outcome === 'silent',
        what: 'the event loop to be blocked',
      })
      const waiting = await Promise.all(
        Array.from({ length: waitingConnections }, async () => {
          const connection = await openRaw(subject)
          connection.send(get('/'))
          return connection
        }),
      )
      const stopping = subject.stop()
      stopping.catch(() => undefined)
      await Promise.all(waiting.map((connection) => connection.closedByPeer(10_000)))
      await stopping
      const served = waiting.filter((connection) => connection.received().startsWith('HTTP/1.1 200 '))
      assert.equal(served.length, waitingConnections, 'connections were reset')
    },
  },
]
