import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { markSubject } from './subject-guard.ts'
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
      const mark = markSubject()
      const child = spawn(program, [script, ...args], {
        cwd,
        env: { ...env, ...mark.env },
        stdio: ['ignore', ...streams],
        // A group of its own, which the guard can end, and which no Ctrl-C in a terminal reaches.
        detached: process.platform !== 'win32',
        windowsHide: true,
      })
      if (child.pid !== undefined) mark.watch(child.pid)
      for (const stream of streams) closeSync(stream)
      const ended = once(child, 'exit').then(([code, signal]): ProcessEnd => {
        mark.forget()
        return { code, signal }
      })
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
