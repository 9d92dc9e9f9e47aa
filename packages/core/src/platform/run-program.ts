/**
 * Runs a program to its end, on this terminal, where it may ask for a password; `quiet` shows and asks nothing. Gives why it
 * failed, or `null`.
 */
export async function runProgram(
  { program, args }: { program: string; args: readonly string[] },
  { quiet = false }: { quiet?: boolean } = {},
): Promise<string | null> {
  const { ExecaError, execa } = await import('execa')
  try {
    await execa(program, args, { stdio: quiet ? 'ignore' : 'inherit', windowsHide: true })
    return null
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    if (error.code === 'ENOENT') return 'there is no such program'
    return error.signal === undefined
      ? `it ended with exit code ${error.exitCode}`
      : `${error.signal} ended it`
  }
}
