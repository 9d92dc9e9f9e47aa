import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { HandOvers } from '../src/backends/cluster/hand-overs.ts'

function handOvers() {
  const asked: number[] = []
  const lost: unknown[] = []
  const over = new HandOvers({ ask: (upTo) => asked.push(upTo), onLost: (sockets) => lost.push(...sockets) })
  return { over, asked, lost }
}

const connection = (name: string): Socket => ({ name, destroy: vi.fn<() => void>() }) as unknown as Socket

it('asks about connections that are long on their way, and gives back those that did not arrive', async () => {
  const { over, asked, lost } = handOvers()
  const [first, second, third] = [connection('first'), connection('second'), connection('third')]
  const id = over.add(first)
  over.add(second)
  await vi.waitUntil(() => asked.length > 0)
  expect(asked).toEqual([1])
  over.accepted(id)
  expect(first.destroy).toHaveBeenCalledOnce()
  // It was sent after the question, so the answer says nothing of it.
  const later = over.add(third)
  over.answered(1)
  expect(lost).toEqual([second])
  expect(second.destroy).not.toHaveBeenCalled()
  // One on its way, and one that was lost.
  expect(over.count).toBe(2)
  over.accepted(later)
  expect(over.count).toBe(0)
})

it('asks nothing when all have arrived', async () => {
  const { over, asked } = handOvers()
  over.accepted(over.add(connection('one')))
  const other = handOvers()
  other.over.add(connection('two'))
  await vi.waitUntil(() => other.asked.length > 0)
  expect(asked).toEqual([])
})

it('gives back all that a dead worker did not accept', () => {
  const { over } = handOvers()
  const [first, second] = [connection('first'), connection('second')]
  over.accepted(over.add(first))
  over.add(second)
  expect(over.takeBack()).toEqual([second])
  expect(over.count).toBe(0)
})
