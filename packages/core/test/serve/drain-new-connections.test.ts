import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { closeConnections } from '../../src/serve/connections/drain.ts'
import { OpenConnections } from '../../src/serve/connections/open-connections.ts'
import type { Http2Connections } from '../../src/serve/http2/http2-connections.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const withoutHttp2 = { announceEnd: () => undefined, close: () => undefined } as unknown as Http2Connections

it('a drain waits a second for the first request on a new connection, and closes an older one after a moment', async () => {
  const open = new OpenConnections()
  const [old, fresh, last] = [new Socket(), new Socket(), new Socket()]
  open.add(old)
  await vi.advanceTimersByTimeAsync(5_000)
  open.add(fresh)
  await vi.advanceTimersByTimeAsync(100)
  open.beginDrain()
  const ended = closeConnections({
    http1: [],
    http2: withoutHttp2,
    open,
    endEndless: () => undefined,
    lastTaken: Promise.resolve(),
    deadlineMs: 30_000,
  })
  await vi.advanceTimersByTimeAsync(400)
  open.add(last)
  expect([old.destroyed, fresh.destroyed, last.destroyed]).toEqual([true, false, false])
  await vi.advanceTimersByTimeAsync(700)
  expect([fresh.destroyed, last.destroyed]).toEqual([true, false])
  await vi.advanceTimersByTimeAsync(400)
  expect(last.destroyed).toBe(true)
  expect(await ended).toBe(0)
})
