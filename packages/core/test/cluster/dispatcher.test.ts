import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { Dispatcher } from '../../src/backends/cluster/primary/dispatcher.ts'
import type { WorkerHandle } from '../../src/backends/cluster/primary/worker-handle.ts'

function worker(pendingCount = 0): WorkerHandle & { got: number } {
  const fake = {
    state: 'ready',
    pendingCount,
    got: 0,
    handOver() {
      fake.got += 1
    },
  }
  return fake as unknown as WorkerHandle & { got: number }
}

const socket = (): Socket => new EventEmitter() as Socket

it('sends each worker one connection per round', () => {
  const workers = [worker(), worker(), worker()]
  const dispatcher = new Dispatcher(() => workers)
  for (let round = 1; round <= 20; round += 1) {
    for (const _ of workers) dispatcher.dispatch(socket())
    expect(workers.map(({ got }) => got)).toEqual([round, round, round])
  }
})

it('sends every second connection to both workers in turn, for browsers that open connections in pairs', () => {
  const workers = [worker(), worker()] as const
  const dispatcher = new Dispatcher(() => workers)
  const seconds = [0, 0]
  for (let pair = 0; pair < 200; pair += 1) {
    dispatcher.dispatch(socket())
    const before = workers[1].got
    dispatcher.dispatch(socket())
    seconds[workers[1].got - before] = (seconds[workers[1].got - before] ?? 0) + 1
  }
  // Each choice is a fair coin toss. In 200 tosses, fewer than 50 of one side happen once in 10^12 runs.
  for (const count of seconds) expect(count).toBeGreaterThan(50)
})

it('skips a worker that does not acknowledge connections', () => {
  const [hanging, healthy] = [worker(3), worker()]
  const dispatcher = new Dispatcher(() => [hanging, healthy])
  for (let count = 0; count < 10; count += 1) dispatcher.dispatch(socket())
  expect([hanging.got, healthy.got]).toEqual([0, 10])
})

it('holds connections until a worker is ready', () => {
  const ready: WorkerHandle[] = []
  const dispatcher = new Dispatcher(() => ready)
  dispatcher.dispatch(socket())
  const late = worker()
  ready.push(late)
  dispatcher.flush()
  expect(late.got).toBe(1)
})

it('sends all connections of an address to one worker, unless that one does not acknowledge them', () => {
  const workers = [1, 2, 3].map((id) => Object.assign(worker(), { id }))
  const dispatcher = new Dispatcher(() => workers, { byAddress: true })
  const connect = (address: string): void => {
    dispatcher.dispatch(Object.assign(socket(), { remoteAddress: address }))
  }
  for (let count = 0; count < 10; count += 1) connect('::ffff:192.0.2.1')
  expect(workers.map(({ got }) => got).sort()).toEqual([0, 0, 10])
  for (let index = 0; index < 90; index += 1) connect(`198.51.100.${index}`)
  for (const { got } of workers) expect(got).toBeGreaterThan(10)

  const owner = workers.find(({ got }) => got > 0) as (typeof workers)[number]
  Object.assign(owner, { pendingCount: 100 })
  const before = owner.got
  for (let index = 0; index < 90; index += 1) connect(`198.51.100.${index}`)
  expect(owner.got).toBe(before)
})
