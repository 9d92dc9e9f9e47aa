import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of the system, such as curl or openssl, until it exits. */
export async function run(
  program: string,
  args: readonly string[],
  input = '',
  { deadlineMs = 15_000 }: { deadlineMs?: number } = {},
): Promise<Ran> {
  const child = spawn(program, args, { timeout: deadlineMs, killSignal: 'SIGKILL' })
  const ended = once(child, 'close')
  // A program that fails early does not read its input.
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number | null]
  return { code, stdout, stderr }
}

/** Where a program of the system is; `undefined` when it can't be found by its name. */
export function findOnPath(program: string): string | undefined {
  const files = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program))
  return files.find((file) => existsSync(file))
}

/** Whether a program of the system can be found by its name. */
export function isOnPath(program: string): boolean {
  return findOnPath(program) !== undefined
}
