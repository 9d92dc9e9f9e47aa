import { ExecaError, execa } from 'execa'

/**
 * Runs a short command by the system's shell to its end and gives its standard output; what it has to say to people goes to
 * our standard error. Throws when it fails or takes too long, with neither the command nor its output in the error: it is
 * asked for secrets.
 */
export async function runShellCommand(
  command: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<string> {
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
