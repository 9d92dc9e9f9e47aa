import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Place, type PlaceHost } from '../../src/backends/places/place.ts'
import type { AskedToEnd, PlacedWorker } from '../../src/backends/places/placed-worker.ts'
import type { StopUrgency, WorkerEvent } from '../../src/backends/server-backend.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface FakeWorker extends PlacedWorker {
  becomeReady(): Promise<void>
  fail(reason: string): Promise<void>
  die(): Promise<void>
  /** Its process has ended, and that is not reported yet. */
  vanish(): void
  /** The process gets SIGTERM from outside. */
  signal(): Promise<void>
  /** Its app closes the server. */
  closeServer(): Promise<void>
  readonly stops: StopUrgency[]
}

/** A worker without a process. It ends when the test says so, or when it is killed. */
function fakeWorker(pid: number): FakeWorker {
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  const asked = Promise.withResolvers<AskedToEnd>()
  ready.promise.catch(() => undefined)
  const settled = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0))
  const worker = {
    pid,
    app: 'fake',
    state: 'booting',
    wasReady: false,
    isLeaving: false,
    aliveMs: 0,
    failure: null,
    listenerFailure: null,
    ready: ready.promise,
    ended: ended.promise,
    asked: asked.promise,
    stops: [] as StopUrgency[],
    hasVanished: false,
    vanish() {
      worker.hasVanished = true
    },
    admit() {
      if (worker.hasVanished) return false
      worker.state = 'ready'
      return true
    },
    stop({ urgency }: { urgency: StopUrgency }) {
      worker.isLeaving = true
      worker.stops.push(urgency)
      if (urgency === 'kill' || worker.state === 'booting') worker.kill()
      else worker.state = 'draining'
    },
    kill() {
      ready.reject(new Error('it was killed'))
      ended.resolve({ code: null, signal: 'SIGKILL' })
    },
    becomeReady() {
      worker.wasReady = true
      ready.resolve()
      return settled()
    },
    async fail(reason: string) {
      ready.reject(new Error(reason))
      await worker.die()
    },
    die() {
      ended.resolve({ code: 1, signal: null })
      return settled()
    },
    async signal() {
      asked.resolve('signal')
      await vi.advanceTimersByTimeAsync(1_000)
    },
    closeServer() {
      asked.resolve('app')
      return settled()
    },
  }
  return worker as unknown as FakeWorker
}

/** A place whose workers are fakes, and what it reports. `at(n)` is the n-th worker that it started, from 1. */
function placeWithFakes({ mayReplace = true }: { mayReplace?: boolean } = {}) {
  const started: FakeWorker[] = []
  const events: string[] = []
  const listeners: ((event: WorkerEvent) => void)[] = []
  const log = {
    error: (text: string) => void events.push(`error: ${text}`),
    warn: () => undefined,
  } as unknown as PlaceHost['log']
  const host = {
    log,
    gracefulMs: 1_000,
    start() {
      const worker = fakeWorker(started.length + 1)
      started.push(worker)
      return worker
    },
    verify: async () => undefined,
    onChange: async () => undefined,
    onEnd: () => undefined,
    mayReplace: () => mayReplace,
    emit(event: WorkerEvent) {
      events.push('pid' in event ? `${event.type} ${event.pid}` : event.type)
      for (const listener of listeners) listener(event)
    },
  } satisfies PlaceHost
  const place = new Place(1, host)
  const at = (number: number): FakeWorker => {
    const worker = started[number - 1]
    if (!worker) throw new RangeError(`only ${started.length} workers were started`)
    return worker
  }
  return {
    place,
    started,
    at,
    events,
    onEvent: (listener: (event: WorkerEvent) => void) => listeners.push(listener),
  }
}

async function servingPlace(): Promise<ReturnType<typeof placeWithFakes>> {
  const fakes = placeWithFakes()
  const first = fakes.place.startFirst()
  await fakes.at(1).becomeReady()
  await first
  return fakes
}

describe('the first worker of a place', () => {
  it('rejects the start when it fails, and no other worker is started', async () => {
    const { place, at, started, events } = placeWithFakes()
    const first = place.startFirst()
    first.catch(() => undefined)
    await at(1).fail('no such app')
    await expect(first).rejects.toThrow('no such app')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(1)
    expect(events).toEqual(['worker:exited 1'])
  })

  it('is not replaced when it is asked to end before it was ready', async () => {
    const { place, at, started } = placeWithFakes()
    const first = place.startFirst()
    first.catch(() => undefined)
    await at(1).signal()
    await expect(first).rejects.toThrow('it was killed')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(1)
  })
})

describe('a worker that dies', () => {
  it('is replaced, and its successor is admitted when it is ready', async () => {
    const { place, at, events } = await servingPlace()
    await at(1).die()
    await vi.advanceTimersByTimeAsync(0)
    expect(place.current).toBe(at(2))
    await at(2).becomeReady()
    expect(events).toEqual(['worker:ready 1', 'worker:exited 1', 'worker:restarting', 'worker:ready 2'])
  })

  it('is replaced again and again while its successors cannot start, and the place counts as failing', async () => {
    const { place, at, started, events } = await servingPlace()
    await at(1).die()
    for (let number = 2; number <= 6; number += 1) {
      await vi.advanceTimersByTimeAsync(30_000)
      await at(number).fail('it cannot start')
    }
    await vi.advanceTimersByTimeAsync(30_000)
    expect(started).toHaveLength(7)
    expect(place.failing()).toEqual({ worker: 1, failures: 6, reason: 'it cannot start' })
    expect(events.filter((event) => event === 'worker:failing')).toHaveLength(1)
    await at(7).becomeReady()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(events.at(-1)).toBe('worker:recovered')
    expect(place.failing()).toBeNull()
  })

  it('is followed by the worker that is being prepared, if there is one', async () => {
    const { place, at, started } = await servingPlace()
    const prepared = place.prepareNext()
    await at(1).die()
    await at(2).becomeReady()
    await prepared
    expect(await place.takeNext('reload')).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(place.current).toBe(at(2))
    expect(started).toHaveLength(2)
  })

  it('is replaced when the worker that was being prepared fails', async () => {
    const { place, at, started } = await servingPlace()
    const prepared = place.prepareNext()
    prepared.catch(() => undefined)
    await at(1).die()
    await at(2).fail('it cannot start')
    await expect(prepared).rejects.toThrow('it cannot start')
    await vi.advanceTimersByTimeAsync(0)
    expect(started).toHaveLength(3)
    expect(place.current).toBe(at(3))
  })
})

describe('a worker whose app closes the server', () => {
  it('is replaced at once, and after a wait when its successors do the same', async () => {
    const { place, at, started, events } = await servingPlace()
    await at(1).closeServer()
    await vi.advanceTimersByTimeAsync(0)
    expect(at(1).stops).toEqual(['graceful'])
    for (let number = 2; number <= 5; number += 1) {
      expect(started).toHaveLength(number)
      await at(number).becomeReady()
      await at(number).closeServer()
      await vi.advanceTimersByTimeAsync(0)
      expect(started).toHaveLength(number)
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(events).toContain('worker:failing')
    expect(place.failing()).toMatchObject({
      failures: 5,
      reason: expect.stringContaining('closed the server'),
    })
  })

  it('is named as the reason, also when its successors do the same before they are ready', async () => {
    const { place, at } = await servingPlace()
    await at(1).closeServer()
    await vi.advanceTimersByTimeAsync(0)
    for (let number = 2; number <= 5; number += 1) {
      await at(number).closeServer()
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(place.failing()).toMatchObject({ reason: 'its app closed the server before it was ready' })
  })

  it('is not replaced before the launch is announced', async () => {
    const { place, at, started } = placeWithFakes({ mayReplace: false })
    const first = place.startFirst()
    await at(1).becomeReady()
    await first
    await at(1).closeServer()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(1)
  })
})

describe('a replacement', () => {
  it('lets the old worker drain once the new one serves', async () => {
    const { place, at, events } = await servingPlace()
    const prepared = place.prepareNext()
    await at(2).becomeReady()
    await prepared
    expect(at(1).stops).toEqual([])
    expect(await place.takeNext('restart')).toBe(true)
    expect(at(1).stops).toEqual(['graceful'])
    expect(events.slice(-2)).toEqual(['worker:ready 2', 'worker:replaced 2'])
    await at(1).die()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(place.workers()).toEqual([at(2)])
  })

  it('refills a place whose old worker has left when the prepared one dies before it takes over', async () => {
    const { place, at, started } = await servingPlace()
    place.vacate()
    const prepared = place.prepareNext()
    await at(2).becomeReady()
    await prepared
    await at(2).die()
    expect(await place.takeNext('reload')).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(started).toHaveLength(3)
  })

  it('is not undone by a worker that was booting and becomes ready as it is ended', async () => {
    const { place, at, events } = await servingPlace()
    await at(1).die()
    await vi.advanceTimersByTimeAsync(0)
    const prepared = place.prepareNext()
    await at(3).becomeReady()
    await prepared
    const taken = place.takeNext('reload')
    await at(2).becomeReady()
    expect(await taken).toBe(true)
    expect(place.current).toBe(at(3))
    expect(events).not.toContain('worker:ready 2')
  })
})

describe('a closed place', () => {
  it('starts no worker, also when it is closed while a restart is reported', async () => {
    const { place, at, started, onEvent } = await servingPlace()
    onEvent(({ type }) => {
      if (type === 'worker:restarting') void place.close('graceful')
    })
    await at(1).die()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('settles when each of its processes has ended, and a more urgent call takes effect', async () => {
    const { place, at } = await servingPlace()
    const graceful = place.close('graceful')
    expect(at(1).stops).toEqual(['graceful'])
    await place.close('kill')
    await graceful
    expect(at(1).stops).toEqual(['graceful', 'kill'])
    expect(vi.getTimerCount()).toBe(0)
    await expect(place.prepareNext()).rejects.toMatchObject({ name: 'LaunchError' })
  })
})

describe('a prepared worker that has just died', () => {
  it('does not take over, and the old one keeps serving', async () => {
    const { place, at, events } = await servingPlace()
    const prepared = place.prepareNext()
    await at(2).becomeReady()
    await prepared
    at(2).vanish()
    expect(await place.takeNext('reload')).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(place.current).toBe(at(1))
    expect(at(1).stops).toEqual([])
    expect(events).toEqual(['worker:ready 1', 'worker:exited 2'])
  })

  it('is followed by another one when the old one has left', async () => {
    const { place, at, started } = await servingPlace()
    place.vacate()
    const prepared = place.prepareNext()
    await at(2).becomeReady()
    await prepared
    at(2).vanish()
    expect(await place.takeNext('reload')).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(started).toHaveLength(3)
    await at(3).becomeReady()
    expect(place.current).toBe(at(3))
  })
})

describe('a worker without a process', () => {
  it('is not reported as one that has ended', async () => {
    const { place, at, events } = placeWithFakes()
    const first = place.startFirst()
    first.catch(() => undefined)
    Object.assign(at(1), { pid: 0 })
    await at(1).fail('no such program')
    await expect(first).rejects.toThrow('no such program')
    expect(events).toEqual([])
  })
})
