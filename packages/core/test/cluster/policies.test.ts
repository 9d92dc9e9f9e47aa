import { describe, expect, it } from 'vitest'
import {
  countSamplesOver,
  isOverForLong,
  limitsOfWorker,
} from '../../src/backends/cluster/policy/recycle-policy.ts'
import { decideRestart, failureBudget } from '../../src/backends/places/restart-policy.ts'
import {
  createLifecycle,
  intents,
  lifecycle,
  lifecycleStates,
  reports,
} from '../../src/lifecycle/lifecycle.ts'
import { signalIntent } from '../../src/lifecycle/signal-intent.ts'

describe('decideRestart', () => {
  const early = { wasReady: true, aliveMs: 500, earlyDeaths: 0, random: 0 }

  it('replaces a worker that served for long immediately, and forgets earlier deaths', () => {
    expect(decideRestart({ ...early, aliveMs: 60_000, earlyDeaths: 7 })).toEqual({
      delayMs: 0,
      earlyDeaths: 0,
      isDegraded: false,
    })
  })

  it('replaces a worker immediately after its first early death, and doubles the wait for each later one', () => {
    let decision = decideRestart(early)
    const delays = [decision.delayMs]
    for (let count = 0; count < 5; count += 1) {
      decision = decideRestart({ ...early, earlyDeaths: decision.earlyDeaths })
      delays.push(decision.delayMs)
    }
    expect(delays).toEqual([0, 200, 400, 800, 1_600, 3_200])
  })

  it('waits before it retries a worker that could not start', () => {
    expect(decideRestart({ ...early, wasReady: false }).delayMs).toBeGreaterThan(0)
  })

  it('never waits longer than half a minute', () => {
    expect(decideRestart({ ...early, earlyDeaths: 1_000 }).delayMs).toBe(30_000)
  })

  it('varies the waits of workers that died together by up to a fifth', () => {
    const spread = [0, 0.5, 1].map((random) => decideRestart({ ...early, earlyDeaths: 3, random }).delayMs)
    expect(spread).toEqual([800, 720, 640])
  })

  it('marks a place as degraded after too many failures in a row, and keeps trying', () => {
    const after = (earlyDeaths: number) => decideRestart({ ...early, wasReady: false, earlyDeaths })
    expect(after(failureBudget - 2).isDegraded).toBe(false)
    expect(after(failureBudget - 1).isDegraded).toBe(true)
    expect(after(1_000)).toMatchObject({ isDegraded: true, delayMs: 30_000 })
  })
})

describe('recycling', () => {
  const never = {
    maxRequests: null,
    maxRequestsJitter: 0,
    lifetimeMs: null,
    lifetimeJitterMs: 0,
    maxRssBytes: null,
    maxHeapBytes: null,
  }

  it('sets the limits of each worker between the limit and the limit plus jitter', () => {
    const recycling = {
      ...never,
      maxRequests: 200,
      maxRequestsJitter: 20,
      lifetimeMs: 1_000,
      lifetimeJitterMs: 500,
    }
    expect(limitsOfWorker(recycling, 0)).toEqual({ requests: 200, lifetimeMs: 1_000 })
    expect(limitsOfWorker(recycling, 1)).toEqual({ requests: 220, lifetimeMs: 1_500 })
    expect(limitsOfWorker(never, 1)).toEqual({ requests: null, lifetimeMs: null })
  })

  it('acts after three high memory samples in a row, and not if a garbage collection has lowered them', () => {
    const recycling = { ...never, maxRssBytes: 100, maxHeapBytes: 50 }
    const over = { rssBytes: 101, heapBytes: 1 }
    const counts = [over, over, { rssBytes: 100, heapBytes: 50 }, over, { rssBytes: 1, heapBytes: 51 }, over]
    let count = 0
    const seen = counts.map((sample) => {
      count = countSamplesOver(count, sample, recycling)
      return isOverForLong(count)
    })
    expect(seen).toEqual([false, false, false, false, false, true])
    expect(countSamplesOver(0, over, never)).toBe(0)
  })
})

describe('signalIntent', () => {
  const first = { signal: 'SIGINT', atMs: 1_000 } as const

  it('stops at the first signal', () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const)
      expect(signalIntent({ signal, atMs: 0 }, [])).toBe('stop')
  })

  it('ignores a second interrupt within half a second, because npm forwards the same key press', () => {
    expect(signalIntent({ signal: 'SIGINT', atMs: 1_020 }, [first])).toBeNull()
    expect(signalIntent({ signal: 'SIGTERM', atMs: 1_020 }, [first])).toBeNull()
  })

  it('stops more urgently at a later interrupt', () => {
    expect(signalIntent({ signal: 'SIGINT', atMs: 1_600 }, [first])).toBe('stop')
    expect(signalIntent({ signal: 'SIGTERM', atMs: 1_600 }, [first])).toBe('stop')
  })

  it('reloads at SIGHUP, unless the terminal has closed or a stop was requested', () => {
    expect(signalIntent({ signal: 'SIGHUP', atMs: 0 }, [])).toBe('reload')
    expect(signalIntent({ signal: 'SIGHUP', atMs: 0, terminalGone: true }, [])).toBe('stop')
    expect(signalIntent({ signal: 'SIGHUP', atMs: 2_000 }, [first])).toBeNull()
  })

  it('adds a worker at SIGTTIN and removes one at SIGTTOU', () => {
    expect(signalIntent({ signal: 'SIGTTIN', atMs: 0 }, [])).toBe('scale-up')
    expect(signalIntent({ signal: 'SIGTTOU', atMs: 0 }, [])).toBe('scale-down')
  })
})

describe('the lifecycle', () => {
  it('handles every intent and every report in every state', () => {
    for (const state of lifecycleStates)
      expect(Object.keys(lifecycle[state]).sort()).toEqual([...intents, ...reports].sort())
  })

  it('goes from start through a reload to the end', () => {
    const launch = createLifecycle()
    const states = (['started', 'reload', 'reloaded', 'stop', 'ended'] as const).map((input) => {
      launch.take(input)
      return launch.state
    })
    expect(states).toEqual(['ready', 'reloading', 'ready', 'draining', 'stopped'])
  })

  it('prefers a stop to a reload, and makes a repeated stop more urgent', () => {
    expect(lifecycle.reloading.stop).toEqual({ next: 'draining', does: 'act' })
    expect(lifecycle.draining.reloaded.does).toBe('nothing')
    expect(lifecycle.draining.stop).toEqual({ next: 'draining', does: 'escalate' })
    expect(lifecycle.stopped.stop.does).toBe('nothing')
  })

  it('can end from every state, and never leaves an end state', () => {
    for (const state of lifecycleStates) {
      const isEnd = state === 'stopped' || state === 'failed'
      expect(lifecycle[state].ended.next).toBe(isEnd ? state : 'stopped')
      expect(lifecycle[state].broke.next).toBe(isEnd ? state : 'failed')
      for (const input of [...intents, ...reports])
        if (isEnd) expect(lifecycle[state][input].next).toBe(state)
    }
  })
})
