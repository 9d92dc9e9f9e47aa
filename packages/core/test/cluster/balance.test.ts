import { describe, expect, it } from 'vitest'
import { type SharedSocket, shareOut } from '../../src/backends/cluster/balance/share-out.ts'
import { chooseBalance } from '../../src/plan/choose-balance.ts'

const socket = (id: number, place: number | null): SharedSocket => ({ id, place })
const worker = (id: number, isSilent = false) => ({ id, isSilent })

/** The sockets that each worker accepts from, in the order of the workers. */
function shares(
  sockets: readonly SharedSocket[],
  workers: readonly ReturnType<typeof worker>[],
  places: number,
): number[][] {
  return [...shareOut(sockets, { workers, places }).values()].map((ids) => [...ids])
}

describe('the sockets of the worker places', () => {
  const three = [socket(0, 1), socket(1, 2), socket(2, 3)]

  it.each([
    ['each worker its own', [worker(1), worker(2), worker(3)], [[0], [1], [2]]],
    [
      'both workers of a place during a replacement',
      [worker(1), worker(1), worker(2), worker(3)],
      [[0], [0], [1], [2]],
    ],
    ['another worker for an empty place', [worker(1), worker(3)], [[0, 1], [2]]],
    [
      'another worker in addition to one that is silent',
      [worker(1, true), worker(2), worker(3)],
      [[0], [1], [0, 2]],
    ],
    ['no other worker when all are silent', [worker(1, true), worker(2, true)], [[0], [1]]],
    [
      'a worker in an added place, which shares an earlier socket',
      [worker(1), worker(2), worker(3), worker(4)],
      [[0], [1], [2], [0]],
    ],
    ['no worker when there are none', [], []],
  ])('are accepted from by %s', (_what, workers, wanted) => {
    expect(shares(three, workers, 3)).toEqual(wanted)
  })
})

it('a socket that all workers share stays shared, even if some workers are silent', () => {
  expect(shares([socket(0, null), socket(1, null)], [worker(1, true), worker(2)], 1)).toEqual([
    [0, 1],
    [0, 1],
  ])
})

it.each([
  ['auto', 'linux', true, 'reuse-port'],
  ['auto', 'linux', false, 'round-robin'],
  ['auto', 'darwin', true, 'round-robin'],
  ['auto', 'win32', true, 'round-robin'],
  ['shared', 'linux', true, 'shared'],
] as const)('balance %s on %s (can hold sockets: %s) becomes %s', (asked, platform, canHold, balance) => {
  expect(chooseBalance(asked, { platform, canHold })).toBe(balance)
})
