import { dirname } from 'node:path'

const mostMs = 10_000
const mostBytes = 16_777_216

/**
 * Runs a short program of the system, and resolves with what it writes to its standard output, a character for each byte. Resolves with what there is
 * when it fails or takes too long: the caller parses strictly. `lsof` exits with 1 when it lists one thing and not the other.
 */
export async function runQuietly(
  program: string,
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { execa } = await import('execa')
  const { stdout } = await execa(program, args, {
    encoding: 'latin1',
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: mostMs,
    maxBuffer: mostBytes,
    reject: false,
    windowsHide: true,
    env: { ...env },
    cwd: dirname(program),
  })
  return stdout ?? ''
}
