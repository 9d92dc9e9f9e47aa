import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { blockOne } from '../../clients/block-one.ts'
import { request } from '../../clients/http/node-client.ts'
import { spreadOfRequests } from '../../clients/spread-of-requests.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { sharedPortCase } from '../binding/port-claim-cases.ts'
import { casesOfBalance } from './cases-of-balance.ts'

/** What distinguishes each way from the others, and what is true for all. */
export const balanceCases: readonly ConformanceCase[] = [
  {
    id: 'processes/balance/round-robin/gives-each-the-same',
    level: 'MUST',
    requirement: 'Under round-robin, idle workers get the same number of connections.',
    source: 'docs/options.md: balance',
    observes: ['balance', 'workers'],
    async run({ start }) {
      const subject = await start({ workers: 3, balance: 'round-robin' })
      const counts = [...(await spreadOfRequests(subject, { count: 30, atOnce: 1 })).values()]
      // A round may have begun before the first of these, because the launcher has sent requests before.
      assert.deepEqual(
        [counts.length, counts.every((count) => count >= 9 && count <= 11)],
        [3, true],
        `${counts}`,
      )
    },
  },
  {
    id: 'processes/balance/shared/gives-a-busy-worker-none',
    level: 'MUST',
    requirement: 'Under shared, no connection waits for a busy worker while another worker is free.',
    source: 'docs/options.md: balance',
    observes: ['balance'],
    async run({ start }) {
      const subject = await start({ workers: 2, balance: 'shared' })
      await blockOne(subject, { ms: 20_000 })
      for (let count = 0; count < 12; count += 1)
        assert.equal((await request({ ...subject, deadlineMs: 3_000 })).status, 200)
    },
  },
  {
    id: 'processes/balance/reuse-port/has-a-socket-for-each',
    level: 'MUST',
    requirement: 'Under reuse-port, the port has one listening socket for each worker.',
    source: 'socket(7): SO_REUSEPORT',
    observes: ['balance'],
    needs: ['ss'],
    async run({ start }) {
      const { port } = await start({ workers: 3, balance: 'reuse-port' })
      const rows = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' })
        .trim()
        .split('\n')
      assert.equal(rows.length, 3)
    },
  },
  {
    id: 'processes/balance/reuse-port/others-help-a-blocked-worker-out',
    level: 'MUST',
    requirement:
      'Under reuse-port, another worker accepts the connections that the system assigned to a blocked worker.',
    source: 'docs/options.md: balance',
    observes: ['balance'],
    async run({ start }) {
      const subject = await start({ workers: 2, balance: 'reuse-port', timeouts: { hang: '1m' } })
      await blockOne(subject, { ms: 60_000 })
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => request({ ...subject, deadlineMs: 15_000 })),
      )
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    },
  },
  sharedPortCase,
  ...(['round-robin', 'shared', 'reuse-port'] as const).flatMap(casesOfBalance),
]
