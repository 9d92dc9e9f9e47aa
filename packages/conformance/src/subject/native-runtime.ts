import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import type { ProcessEnd, SubjectRuntime } from './subject-runtime.ts'

/** The Node that runs the suite. */
export const nativeRuntime: SubjectRuntime = {
  platform: process.platform,
  description: `Node ${process.version}`,
  nodeVersion: process.version,
  nodePath: process.execPath,
  path: (file) => file,
  start({ script, args, env, cwd, stdout, stderr }) {
    const streams = [openSync(stdout, 'a'), openSync(stderr, 'a')] as const
    const child = spawn(process.execPath, [script, ...args], {
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
