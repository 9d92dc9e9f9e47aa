import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect } from 'vitest'
import { runLockstep, type StartOptions } from './lockstep.ts'

/** The exit code of each error, as documented. */
const documentedExits: ReadonlyMap<string, number> = new Map(
  Array.from(
    readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8').matchAll(
      /^\| `(LOCKSTEP_ERR_\w+)` \| (\d+) \|/gm,
    ),
    ([, code = '', exit]): [string, number] => [code, Number(exit)],
  ),
)

export interface Failure extends StartOptions {
  /** The error code, or one for each fault in their order. */
  readonly code: string | readonly string[]
  /** Texts that the error must contain: the value that was found, where it was set, and the cure. */
  readonly says: readonly (string | RegExp)[]
  /** Text that must not appear in the output. */
  readonly hides?: readonly string[]
  /** The ports where the launch would listen. Default: a free port, which is passed with `--port`. */
  readonly ports?: readonly number[]
}

/**
 * Starts a launch that must fail, and checks what every failure owes its user: the documented exit code, the error code, the
 * facts and the cure, no stack of ours, no banner, and nothing left bound or running. Returns what was written to standard error.
 */
export async function failedLaunch(
  args: readonly string[],
  { code, says, hides = [], ports, ...options }: Failure,
): Promise<string> {
  const codes = typeof code === 'string' ? [code] : code
  const free = ports ?? [await freePort()]
  const finished = await runLockstep(
    [...args, ...(ports || args.includes('--port') ? [] : ['--port', String(free[0])])],
    options,
  )
  const { stdout, stderr } = finished

  // Each part of a fault is on a line of its own.
  const text = stderr.replaceAll(/\n {2}(?=\S)/g, ' ')
  for (const fact of says) {
    if (typeof fact === 'string') expect(text).toContain(fact)
    else expect(text).toMatch(fact)
  }
  for (const secret of hides) expect(stdout + stderr).not.toContain(secret)
  expect(reportedCodes(stderr)).toEqual(codes)
  expect(finished).toMatchObject({ code: documentedExits.get(codes[0] ?? ''), signal: null })
  expect(stderr).not.toMatch(
    /node:internal|packages\/(?:core|cli|certs)\/(?:dist|src|bin)|\n\s+at .*node_modules/,
  )
  expect(stdout).toBe('')
  for (const port of free) await expectUnbound(port)
  return stderr
}

/** The error codes in brackets, in order. */
export function reportedCodes(text: string): string[] {
  return Array.from(text.matchAll(/\[(LOCKSTEP_ERR_[A-Z_]+)\]/g), ([, code = '']) => code)
}

/**
 * The number of a free port on 127.0.0.1. It is below those that systems assign by themselves (from 32,768 on Linux, from 49,152 elsewhere),
 * so that no client of another test takes it as its own before the test uses it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    try {
      await using holder = await holdPort(randomInt(10_000, 32_000))
      return holder.port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

/** Listens on 127.0.0.1 until disposed of. */
export async function holdPort(port = 0): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host: '127.0.0.1' }, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Proves it by binding the port, which fails while another socket holds it. */
async function expectUnbound(port: number): Promise<void> {
  const holder = await holdPort(port)
  await holder[Symbol.asyncDispose]()
}
