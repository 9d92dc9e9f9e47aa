import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AcceptExchange } from '../../src/backends/cluster/balance/accept-exchange.ts'

const connections = ['127.0.0.1:50001 127.0.0.1:3000', '127.0.0.1:50002 127.0.0.1:3000']

/** What was sent, which answers the primary waits for, and the exchange with a worker that is watched. */
async function watched() {
  const send = vi.fn()
  const awaitAnswer = vi.fn()
  const exchange = new AcceptExchange({ send, awaitAnswer })
  const watching = exchange.watch()
  expect(send).toHaveBeenLastCalledWith({ type: 'watch-accepts', request: 1 })
  exchange.receive({ type: 'watching-accepts', request: 1 })
  await watching
  return { send, awaitAnswer, exchange }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('the answer of a worker that was busy for long counts', async () => {
  const { exchange, awaitAnswer } = await watched()
  const accepted = exchange.accepted(connections)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(exchange.receive({ type: 'accepted-of', request: 2, indexes: [1] })).toBe(true)
  expect(await accepted).toEqual([connections[1]])
  expect(exchange.probes).toBe(1)
  // One that never answers is ended by it.
  expect(awaitAnswer).toHaveBeenCalledTimes(2)
})

it('an earlier confirmation is none of a later watch', async () => {
  const { exchange, send } = await watched()
  exchange.forget()
  expect(send).toHaveBeenLastCalledWith({ type: 'forget-accepts' })
  let isWatched = false
  const watching = exchange.watch().then(() => {
    isWatched = true
  })
  expect(exchange.receive({ type: 'watching-accepts', request: 1 })).toBe(false)
  await vi.advanceTimersByTimeAsync(0)
  expect(isWatched).toBe(false)
  expect(exchange.receive({ type: 'watching-accepts', request: 2 })).toBe(true)
  await watching
})

it('a worker that ends is not waited for', async () => {
  const { exchange } = await watched()
  const accepted = exchange.accepted(connections)
  exchange.end()
  expect(await accepted).toEqual([])
  expect(await exchange.accepted(connections)).toEqual([])
  exchange.forget()
  await exchange.watch()
})
