import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { HandOvers } from '../../src/backends/cluster/primary/hand-overs.ts'

function handOvers() {
  const lost: unknown[] = []
  return { over: new HandOvers((sockets) => lost.push(...sockets)), lost }
}

const connection = (name: string): Socket => ({ name, destroy: vi.fn<() => void>() }) as unknown as Socket

it('returns connections that the worker missed, and prefers other workers until one arrives', async () => {
  const { over, lost } = handOvers()
  const [first, second, third] = [connection('first'), connection('second'), connection('third')]
  over.add(0, first)
  over.add(1, second)
  expect(over.accepted(0)).toBe(true)
  expect(first.destroy).toHaveBeenCalledOnce()
  expect(over.missed(1)).toBe(true)
  over.add(2, third)
  // One connection is still on its way, the other was lost.
  expect(over.count).toBe(2)
  await vi.waitUntil(() => lost.length > 0)
  expect(lost).toEqual([second])
  expect(second.destroy).not.toHaveBeenCalled()
  over.accepted(2)
  expect(over.count).toBe(0)
})

it('recognises answers about connections that were not sent', () => {
  const { over } = handOvers()
  over.add(7, connection('one'))
  expect(over.accepted(8)).toBe(false)
  expect(over.missed(8)).toBe(false)
  expect(over.accepted(7)).toBe(true)
  expect(over.accepted(7)).toBe(false)
  expect(over.missed(7)).toBe(false)
})

it('returns all connections that a dead worker did not accept', () => {
  const { over } = handOvers()
  const [first, second, third] = [connection('first'), connection('second'), connection('third')]
  over.add(0, first)
  over.accepted(0)
  over.add(1, second)
  over.add(2, third)
  over.missed(1)
  expect(over.takeBack()).toEqual([second, third])
})
