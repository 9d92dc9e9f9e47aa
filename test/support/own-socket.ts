import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** A program of the fixtures, for Python. */
export const program = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/programs/${name}.py`, import.meta.url))

/** Starts a program of the fixtures and resolves after its first output. Disposing ends it. */
export async function startProgram(
  name: string,
  args: readonly string[],
): Promise<AsyncDisposable & { readonly child: ChildProcess; lines(): string[] }> {
  const child = spawn('python3', [program(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let written = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    written += chunk
  })
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) })
  return {
    child,
    lines: () => written.split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** The body of an answer to GET over a UNIX domain socket or a port. */
export async function bodyOf(
  target: { readonly socketPath: string } | { readonly port: number },
  path = '/',
): Promise<string> {
  const asked = request({ host: '127.0.0.1', path, agent: false, ...target }).end()
  const [response] = await once(asked, 'response', { signal: AbortSignal.timeout(5_000) })
  return text(response)
}
