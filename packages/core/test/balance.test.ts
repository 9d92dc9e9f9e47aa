import { describe, expect, it } from 'vitest'
import { type SharedSocket, shareOut } from '../src/backends/cluster/balance/share-out.ts'
import { chooseBalance } from '../src/preflight/choose-balance.ts'

const socket = (id: number, place: number | null): SharedSocket => ({ id, place })
const worker = (id: number, isSilent = false) => ({ id, isSilent })

/** Which sockets each worker accepts from, in the order of the workers. */
function shares(
  sockets: readonly SharedSocket[],
  workers: readonly ReturnType<typeof worker>[],
  places: number,
): number[][] {
  return [...shareOut(sockets, { workers, places }).values()].map((ids) => [...ids])
}

describe('the sockets of the places', () => {
  const three = [socket(0, 1), socket(1, 2), socket(2, 3)]

  it.each([
    ['each its own', [worker(1), worker(2), worker(3)], [[0], [1], [2]]],
    [
      'both of a place, while one takes over',
      [worker(1), worker(1), worker(2), worker(3)],
      [[0], [0], [1], [2]],
    ],
    ['another one for a place that is empty', [worker(1), worker(3)], [[0, 1], [2]]],
    [
      'another one beside a worker that is silent',
      [worker(1, true), worker(2), worker(3)],
      [[0], [1], [0, 2]],
    ],
    ['nobody else when all are silent', [worker(1, true), worker(2, true)], [[0], [1]]],
    [
      'one in a place that has come later: it joins an earlier one',
      [worker(1), worker(2), worker(3), worker(4)],
      [[0], [1], [2], [0]],
    ],
    ['nobody when there is nobody', [], []],
  ])('are accepted from by %s', (_what, workers, wanted) => {
    expect(shares(three, workers, 3)).toEqual(wanted)
  })
})

it('a socket that is for all is for all, silent or not', () => {
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
] as const)('balance %s on %s, able to hold sockets: %s, is %s', (asked, platform, canHold, balance) => {
  expect(chooseBalance(asked, { platform, canHold })).toBe(balance)
})
