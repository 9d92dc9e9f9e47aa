import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { descendantsOf } from '../../src/platform/process/descendants.ts'
import { killTree } from '../../src/platform/process/kill-tree.ts'

/** Each process starts the next one in a new session. The last one waits forever. */
const chain = `
  const left = Number(process.argv[1])
  const next = ['-e', process.env.CHAIN, String(left - 1)]
  if (left > 0) require('node:child_process').spawn(process.execPath, next, { detached: true, stdio: 'ignore' })
  setInterval(() => {}, 1_000_000)
`

describe.skipIf(process.platform !== 'linux')('killing a process tree', () => {
  it('ends the process itself when taskkill only claims to have done so', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await killTree(child.pid ?? 0, { platform: 'win32', endTree: async () => undefined })
    expect(await ended).toEqual([null, 'SIGKILL'])
  })

  it.skipIf(!existsSync('/bin/ps'))('finds the same processes with ps as in /proc', async () => {
    const child = spawn(process.execPath, ['-e', chain, '1'], {
      env: { ...process.env, CHAIN: chain },
      stdio: 'ignore',
    })
    const pid = child.pid ?? 0
    const ended = once(child, 'exit')
    try {
      await vi.waitUntil(() => descendantsOf(pid).length === 1, { timeout: 10_000 })
      expect(descendantsOf(pid, 'darwin')).toEqual(descendantsOf(pid))
    } finally {
      await killTree(pid)
      await ended
    }
  })

  it('ends every process that a process has started, also those in other sessions', async () => {
    const env = { ...process.env, CHAIN: chain }
    const root = spawn(process.execPath, ['-e', chain, '2'], { env, stdio: 'ignore' })
    const ended = once(root, 'exit')
    const pid = root.pid ?? 0
    try {
      await vi.waitUntil(() => descendantsOf(pid).length === 2, { timeout: 10_000 })
    } finally {
      const descendants = descendantsOf(pid)
      await killTree(pid)
      await ended
      await vi.waitUntil(() => !descendants.some(isAlive), { timeout: 5_000 })
    }
  })

  it('succeeds if the process has already ended', async () => {
    const gone = spawn(process.execPath, ['-e', '0'])
    await once(gone, 'exit')
    await expect(killTree(gone.pid ?? 0)).resolves.toBeUndefined()
  })
})

/** A zombie only waits for its new parent to reap it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
