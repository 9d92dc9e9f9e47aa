/**
 * Runs a short command by the system's shell to its end and gives its standard output; what it has to say to people goes to
 * our standard error. Throws when it fails or takes too long, with neither the command nor its output in the error: it is
 * asked for secrets.
 */
export async function runShellCommand(
  command: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<string> {
  // Loaded when it is needed: most launches need no command, and each process of a launch would pay for it.
  const { ExecaError, execa } = await import('execa')
  try {
    const { stdout } = await execa(command, {
      shell: true,
      stdin: 'ignore',
      stderr: 'inherit',
      timeout: timeoutMs,
      stripFinalNewline: false,
      windowsHide: true,
    })
    return stdout
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    if (error.timedOut) throw new Error(`the command did not end within ${timeoutMs / 1_000} s`)
    throw new Error(
      error.signal === undefined
        ? `the command ended with exit code ${error.exitCode}`
        : `the command was ended by ${error.signal}`,
    )
  }
}
