import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { guardScript } from '../../src/platform/program/program-guard.ts'

const forever = 'setInterval(() => undefined, 1_000_000)'

describe.skipIf(process.platform === 'win32')('the guard of programs', () => {
  it.each(['/bin/dash', '/bin/bash', '/bin/sh'].filter((shell) => existsSync(shell)))(
    'kills the group of the last list in %s when its pipe ends, also without a Node',
    async (shell) => {
      const programs = Array.from({ length: 2 }, () =>
        spawn(process.execPath, ['-e', forever], { detached: true, stdio: 'ignore' }),
      )
      const [forgotten, watched] = programs
      try {
        const ended = once(watched as NonNullable<typeof watched>, 'exit')
        const guard = spawn(shell, ['-c', guardScript, 'sh', 'false'], {
          stdio: ['pipe', 'ignore', 'ignore'],
        })
        const guardEnded = once(guard, 'exit')
        guard.stdin.write(`${forgotten?.pid} a:mark ${watched?.pid} another:mark\n`)
        guard.stdin.end(`${watched?.pid} another:mark\n`)
        expect(await ended).toEqual([null, 'SIGKILL'])
        expect(await guardEnded).toEqual([0, null])
        expect(forgotten?.signalCode).toBeNull()
      } finally {
        for (const program of programs) program.kill('SIGKILL')
      }
    },
  )
})
