import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import type { ProcessEnd, SubjectRuntime } from './subject-runtime.ts'

/** A Node of this machine. */
export function nodeRuntime({ program, version }: { program: string; version: string }): SubjectRuntime {
  return {
    platform: process.platform,
    description: `Node ${version}`,
    nodeVersion: version,
    nodePath: program,
    path: (file) => file,
    start({ script, args, env, cwd, stdout, stderr }) {
      const streams = [openSync(stdout, 'a'), openSync(stderr, 'a')] as const
      const child = spawn(program, [script, ...args], {
        cwd,
        env,
        stdio: ['ignore', ...streams],
        windowsHide: true,
      })
      for (const stream of streams) closeSync(stream)
      const ended = once(child, 'exit').then(([code, signal]): ProcessEnd => ({ code, signal }))
      return {
        ended,
        terminate: () => void child.kill('SIGTERM'),
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** The Node that runs the suite. */
export const nativeRuntime: SubjectRuntime = nodeRuntime({
  program: process.execPath,
  version: process.version,
})
