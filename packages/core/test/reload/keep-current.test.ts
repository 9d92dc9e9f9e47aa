import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LaunchError } from '../../src/errors/launch-error.ts'
import { createEventHub } from '../../src/events/event-hub.ts'
import type { LaunchEvent } from '../../src/events/launch-event.ts'
import { callAt } from '../../src/reload/call-at.ts'
import { renewWhenDue } from '../../src/reload/renew-when-due.ts'
import { retryRefused } from '../../src/reload/retry-refused.ts'
import { watchExpiry } from '../../src/reload/watch-expiry.ts'
import type { LeafFacts, PlannedTls } from '../../src/tls/planned-tls.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = new Date('2026-06-01T00:00:00Z')
const after = (ms: number): Date => new Date(start.getTime() + ms)
const timing = { expiryMs: dayMs, renewalRetryMs: hourMs, clockMs: hourMs }
const now = (): Date => new Date()
const reloaded = { type: 'reloaded' } as LaunchEvent

beforeEach(() => void vi.useFakeTimers({ now: start }))
afterEach(() => void vi.useRealTimers())

describe('callAt', () => {
  it('calls once at the date, even if it is further away than the longest timer', () => {
    const onDue = vi.fn()
    const set = vi.spyOn(globalThis, 'setTimeout')
    using _call = callAt(after(60 * dayMs), { now, longestMs: hourMs, onDue })
    // Node runs a timer of 2^31 ms (25 days) immediately.
    expect(set.mock.calls.map(([, ms]) => ms)).toEqual([hourMs])
    vi.advanceTimersByTime(60 * dayMs - 1)
    expect(onDue).not.toHaveBeenCalled()
    vi.advanceTimersByTime(dayMs)
    expect(onDue).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('follows the clock: after the machine slept past the date, it calls at the next check', () => {
    const onDue = vi.fn()
    let sleptMs = 0
    const clock = (): Date => new Date(Date.now() + sleptMs)
    using _call = callAt(after(30 * dayMs), { now: clock, longestMs: hourMs, onDue })
    sleptMs = 40 * dayMs
    vi.advanceTimersByTime(hourMs - 1)
    expect(onDue).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onDue).toHaveBeenCalledTimes(1)
  })

  it('does not keep the process alive, and does nothing after it is cancelled', () => {
    const onDue = vi.fn()
    callAt(after(dayMs), { now, longestMs: hourMs, onDue })[Symbol.dispose]()
    vi.advanceTimersByTime(2 * dayMs)
    expect(onDue).not.toHaveBeenCalled()
    vi.useRealTimers()
    const alive = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = alive()
    using _call = callAt(new Date(Date.now() + dayMs), { now, longestMs: hourMs, onDue })
    expect(alive()).toBe(before)
  })
})

describe('watchExpiry', () => {
  const leaf = { subject: 'CN=x', notBefore: start, notAfter: after(20 * dayMs) } as LeafFacts
  const tls = { chains: [{ leaf }], sni: [], ending: [], expiryWarningDays: 14 } as unknown as PlannedTls

  it('warns every day from the configured day on, also after expiry, and at each reload', () => {
    const events = createEventHub()
    const told: string[] = []
    events.on('certificate:expiring', ({ at }) => told.push(at.toISOString().slice(5, 10)))
    using _watch = watchExpiry({ tls: () => tls, events, now, timing })
    events.emit(reloaded)
    vi.advanceTimersByTime(6 * dayMs - 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual(['06-07'])
    events.emit(reloaded)
    expect(told).toEqual(['06-07', '06-07'])
    vi.advanceTimersByTime(16 * dayMs)
    expect(told).toHaveLength(18)
    expect(told.at(-1)).toBe('06-23')
  })

  it('warns immediately if a certificate expires soon, and not after it was replaced', () => {
    const events = createEventHub()
    const told: string[] = []
    events.on('certificate:expiring', (event) => told.push(event.leaf.subject))
    let served: PlannedTls = { ...tls, expiryWarningDays: 30 }
    const watch = watchExpiry({ tls: () => served, events, now, timing })
    expect(told).toEqual(['CN=x'])
    served = { ...tls, chains: [] }
    events.emit(reloaded)
    vi.advanceTimersByTime(3 * dayMs)
    expect(told).toEqual(['CN=x'])
    served = { ...tls, expiryWarningDays: 30 }
    watch[Symbol.dispose]()
    events.emit(reloaded)
    vi.advanceTimersByTime(3 * dayMs)
    expect(told).toEqual(['CN=x'])
  })
})

describe('renewWhenDue', () => {
  function renewal({
    fails = 0,
    firstAt = after(60 * dayMs),
  }: {
    fails?: number
    firstAt?: Date | null
  } = {}) {
    const events = createEventHub()
    const asked: [cause: string, day: number][] = []
    const prepared = { renewAt: firstAt }
    const renewing = renewWhenDue({
      reloader: {
        prepared: prepared as Parameters<typeof renewWhenDue>[0]['reloader']['prepared'],
        reload(cause) {
          asked.push([cause, (Date.now() - start.getTime()) / dayMs])
          if (asked.length <= fails) return Promise.reject(new Error('the folder is full'))
          prepared.renewAt = new Date(Date.now() + 60 * dayMs)
          events.emit(reloaded)
          return Promise.resolve(
            {} as Awaited<ReturnType<Parameters<typeof renewWhenDue>[0]['reloader']['reload']>>,
          )
        },
      },
      events,
      now,
      timing,
    })
    return { asked, events, prepared, renewing }
  }

  it('requests a reload when a certificate is due, and later for the renewed one', async () => {
    const { asked } = renewal()
    await vi.advanceTimersByTimeAsync(130 * dayMs)
    expect(asked).toEqual([
      ['renewal', 60],
      ['renewal', 120],
    ])
  })

  it('tries again an hour after a failure', async () => {
    const { asked } = renewal({ fails: 2 })
    await vi.advanceTimersByTimeAsync(61 * dayMs)
    expect(asked.map(([, day]) => day)).toEqual([60, 60 + 1 / 24, 60 + 2 / 24])
  })

  it('does nothing for a source that another program renews, until a reload brings another source', async () => {
    const { asked, prepared, events } = renewal({ firstAt: null })
    await vi.advanceTimersByTimeAsync(100 * dayMs)
    expect(asked).toEqual([])
    prepared.renewAt = after(101 * dayMs)
    events.emit(reloaded)
    await vi.advanceTimersByTimeAsync(2 * dayMs)
    expect(asked).toEqual([['renewal', 101]])
  })

  it('stops with the server, also during a reload that fails', async () => {
    const { asked, renewing } = renewal({ fails: 9 })
    vi.advanceTimersByTime(60 * dayMs)
    expect(asked).toHaveLength(1)
    renewing[Symbol.dispose]()
    await vi.advanceTimersByTimeAsync(2 * dayMs)
    expect(asked).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('retryRefused', () => {
  const second = 1_000
  const retryTiming = { ...timing, retryMs: second, longestRetryMs: 60 * second }

  function retries({ until = null, isOn = true }: { until?: Date | null; isOn?: boolean } = {}) {
    const events = createEventHub()
    const tried: number[] = []
    const reloader = {
      refusal: null as { reasons: string; until: Date | null } | null,
      retry: () => Promise.resolve(void tried.push((Date.now() - start.getTime()) / second)),
    }
    const retrying = retryRefused({ reloader, events, isOn: () => isOn, now, timing: retryTiming })
    const fail = (cause: 'file' | 'retry' = 'file'): void => {
      reloader.refusal = { reasons: 'some', until }
      events.emit({
        type: 'reload:failed',
        cause,
        error: new LaunchError({ code: 'LOCKSTEP_ERR_INTERNAL', message: '', hint: '' }),
        served: null,
      })
    }
    return { events, tried, reloader, retrying, fail }
  }

  it('retries at growing intervals, and starts with short ones again when another change is refused', async () => {
    const { tried, fail } = retries()
    fail()
    await vi.advanceTimersByTimeAsync(200 * second)
    expect(tried).toEqual([1, 3, 7, 15, 31, 63, 123, 183])
    fail()
    await vi.advanceTimersByTimeAsync(4 * second)
    expect(tried.slice(8)).toEqual([201, 203])
  })

  it('retries when the passing of time has cured the problem', async () => {
    const { tried, fail } = retries({ until: after(100 * second) })
    fail()
    await vi.advanceTimersByTimeAsync(101 * second)
    expect(tried).toEqual([1, 3, 7, 15, 31, 63, 100])
  })

  it('stops after success or with the server, and does nothing if files are not watched', async () => {
    const { tried, fail, events, reloader, retrying } = retries()
    fail()
    await vi.advanceTimersByTimeAsync(2 * second)
    reloader.refusal = null
    events.emit(reloaded)
    await vi.advanceTimersByTimeAsync(99 * second)
    expect(tried).toEqual([1])
    fail()
    retrying[Symbol.dispose]()
    expect(vi.getTimerCount()).toBe(0)
    const off = retries({ isOn: false })
    off.fail()
    await vi.advanceTimersByTimeAsync(99 * second)
    expect(off.tried).toEqual([])
  })
})
