import { describe, expect, it } from 'vitest'
import { startLockstep } from '../support/lockstep.ts'

describe('a first run', () => {
  it('serves, and stops cleanly on SIGTERM without leaving anything behind', async () => {
    await using server = await startLockstep(['run', 'apps/hello.js', '--port', '0', '--workers', '2'])
    expect(await (await fetch(server.url)).text()).toMatch(/^hello from \d+\n$/)
    expect(server.processes()).toHaveLength(3)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    expect(server.processes()).toEqual([])
  })
})
