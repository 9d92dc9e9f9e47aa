import http from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fixtures, startLockstep } from '../support/lockstep.ts'

interface Outcomes {
  answered: number
  readonly failed: string[]
}

/** A client that sends requests without a pause while the balancer routes it here. */
async function client(
  { url, isSentHere, outcomes }: { url: string; isSentHere: () => boolean; outcomes: Outcomes },
  { keepAlive }: { keepAlive: boolean },
): Promise<void> {
  const agent = new http.Agent({ keepAlive, maxSockets: 1 })
  while (isSentHere()) {
    const failure = await new Promise<string | null>((resolve) => {
      const request = http.get(url, { agent, timeout: 5_000 }, (response) => {
        response.resume().once('error', ({ message }) => resolve(message))
        response.once('end', () => resolve(response.statusCode === 200 ? null : `${response.statusCode}`))
      })
      request.once('timeout', () => request.destroy(new Error('no answer within 5 s')))
      request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
    if (failure === null) outcomes.answered += 1
    else outcomes.failed.push(failure)
  }
  agent.destroy()
}

/** A balancer that polls every 50 ms and takes a while to apply what it has learnt. Both times are part of the model; they do not wait for anything. */
async function balancer(url: string, { propagationMs }: { propagationMs: number }): Promise<void> {
  for (;;) {
    const { status } = await fetch(new URL('/ready', url))
    if (status === 503) break
    await pause(50)
  }
  await pause(propagationMs)
}

describe('a balancer that learns late of a stop', () => {
  it.each(['single', 'cluster'])('loses no request within the drain delay (%s)', async (backend) => {
    await using server = await startLockstep([
      ...[join(fixtures, 'apps/hello.js'), '--port', '0', '--backend', backend],
      ...['--ready-path', '/ready', '--drain-delay', '2s', '--graceful-timeout', '10s'],
    ])
    let sentHere = true
    const outcomes: Outcomes = { answered: 0, failed: [] }
    const options = { url: server.url, isSentHere: () => sentHere, outcomes }
    const clients = Array.from({ length: 16 }, (_, index) => client(options, { keepAlive: index % 2 === 0 }))
    const learnt = balancer(server.url, { propagationMs: 1_000 })
    await expect.poll(() => outcomes.answered).toBeGreaterThan(100)
    const before = outcomes.answered
    server.signal('SIGTERM')
    await learnt
    sentHere = false
    await Promise.all(clients)
    expect(outcomes.failed).toEqual([])
    expect(outcomes.answered).toBeGreaterThan(before + 100)
    expect((await server.finished()).code).toBe(0)
  })
})
