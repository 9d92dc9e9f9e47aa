import { spawn } from 'node:child_process'
import { findOnPath } from '@lockstep/core/internal'

export interface ClientRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  /** It was ended at the deadline. */
  readonly late: boolean
}

/** Runs a client that is a program of its own, to its end or the deadline. */
export async function runClient(
  program: string,
  args: readonly string[],
  { input = '', deadlineMs }: { input?: string; deadlineMs: number },
): Promise<ClientRun> {
  // Not one of the current folder, where Windows looks first.
  const child = spawn(findOnPath(program) ?? program, args, { stdio: 'pipe', windowsHide: true })
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('latin1').on('data', (text: string) => {
      written[stream] += text
    })
  }
  // A client that has given up does not read what it was to send.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, deadlineMs)
  const ended = Promise.withResolvers<number | null>()
  child.once('error', ended.reject)
  child.once('close', (code) => ended.resolve(code))
  try {
    return { exitCode: await ended.promise, ...written, late }
  } finally {
    clearTimeout(timer)
  }
}
