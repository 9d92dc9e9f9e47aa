import { findProgram, safeSearchPath } from '../system/find-program.ts'

/**
 * Runs a program of the system to its end, on this terminal, where it may ask for a password; `quiet` shows and asks nothing. Returns why it
 * failed, or `null`.
 */
export async function runProgram(
  { program, args }: { program: string; args: readonly string[] },
  { quiet = false }: { quiet?: boolean } = {},
): Promise<string | null> {
  const path = findProgram(program)
  if (path === null) return 'there is no such program'
  const { ExecaError, execa } = await import('execa')
  try {
    await execa(path, args, {
      stdio: quiet ? 'ignore' : 'inherit',
      windowsHide: true,
      // It may start others, as `sudo` and many scripts do.
      ...(process.platform !== 'win32' && { env: { PATH: safeSearchPath() } }),
    })
    return null
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    return error.signal === undefined
      ? `it ended with exit code ${error.exitCode}`
      : `${error.signal} ended it`
  }
}
