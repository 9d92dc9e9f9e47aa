import { describe, expect, it } from 'vitest'
import { decideRestart } from '../src/backends/cluster/restart-policy.ts'
import { nextState } from '../src/lifecycle/lifecycle.ts'
import { signalIntent } from '../src/lifecycle/signal-intent.ts'

describe('decideRestart', () => {
  const early = { wasReady: true, aliveMs: 500, earlyDeaths: 0 }

  it('replaces a worker that served for long at once, and forgets earlier deaths', () => {
    expect(decideRestart({ wasReady: true, aliveMs: 60_000, earlyDeaths: 7 })).toEqual({
      delayMs: 0,
      earlyDeaths: 0,
    })
  })

  it('makes the first early death good at once, and waits twice as long for each one after it', () => {
    let decision = decideRestart(early)
    const delays = [decision.delayMs]
    for (let count = 0; count < 5; count += 1) {
      decision = decideRestart({ ...early, earlyDeaths: decision.earlyDeaths })
      delays.push(decision.delayMs)
    }
    expect(delays).toEqual([0, 200, 400, 800, 1_600, 3_200])
  })

  it('waits before it tries again what could not even start', () => {
    expect(decideRestart({ ...early, wasReady: false }).delayMs).toBeGreaterThan(0)
  })

  it('never waits longer than half a minute', () => {
    expect(decideRestart({ ...early, earlyDeaths: 1_000 }).delayMs).toBe(30_000)
  })
})

describe('signalIntent', () => {
  const first = { signal: 'SIGINT', atMs: 1_000 } as const

  it('stops at the first signal', () => {
    expect(signalIntent(first, [])).toBe('stop')
    expect(signalIntent({ signal: 'SIGTERM', atMs: 0 }, [])).toBe('stop')
  })

  it('takes a second interrupt within half a second for the same key press, which npm has forwarded', () => {
    expect(signalIntent({ signal: 'SIGINT', atMs: 1_020 }, [first])).toBeNull()
  })

  it('forces at a later second interrupt, and never at a second SIGTERM', () => {
    expect(signalIntent({ signal: 'SIGINT', atMs: 1_600 }, [first])).toBe('force')
    expect(signalIntent({ signal: 'SIGTERM', atMs: 1_600 }, [first])).toBeNull()
  })

  it('reloads at SIGHUP, unless the terminal has gone or a stop was asked for', () => {
    expect(signalIntent({ signal: 'SIGHUP', atMs: 0 }, [])).toBe('reload')
    expect(signalIntent({ signal: 'SIGHUP', atMs: 0, terminalGone: true }, [])).toBe('stop')
    expect(signalIntent({ signal: 'SIGHUP', atMs: 2_000 }, [first])).toBeNull()
  })
})

describe('nextState', () => {
  it('goes from the start to the end', () => {
    expect(nextState('starting', 'bound')).toBe('verifying')
    expect(nextState('verifying', 'verified')).toBe('ready')
    expect(nextState('ready', 'stop')).toBe('stopping')
    expect(nextState('stopping', 'ended')).toBe('stopped')
  })

  it('serves on after a reload, and lets a stop go first', () => {
    expect(nextState('ready', 'reload')).toBe('reloading')
    expect(nextState('reloading', 'reloaded')).toBe('ready')
    expect(nextState('reloading', 'stop')).toBe('stopping')
    expect(nextState('stopping', 'reloaded')).toBeNull()
    for (const state of ['starting', 'verifying', 'reloading', 'stopping', 'stopped'] as const)
      expect(nextState(state, 'reload')).toBeNull()
  })

  it('gives a second stop no effect, and a force always one until the end', () => {
    expect(nextState('stopping', 'stop')).toBeNull()
    expect(nextState('stopping', 'force')).toBe('stopping')
    expect(nextState('stopped', 'force')).toBeNull()
  })
})
