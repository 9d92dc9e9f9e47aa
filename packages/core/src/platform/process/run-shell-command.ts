import { searchPath } from '../node/node-surroundings.ts'
import { systemProgram } from '../system/find-program.ts'

/**
 * Runs a short command by the system's shell until it exits, and returns its standard output; what it has to say to people goes to
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
      ...shellAndPath(),
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

/**
 * On Windows `cmd` would look for programs in the current folder first
 * (https://learn.microsoft.com/windows/win32/api/processenv/nf-processenv-needcurrentdirectoryforexepathw).
 */
function shellAndPath(): { shell: string | true; env: NodeJS.ProcessEnv } {
  return process.platform === 'win32'
    ? { shell: systemProgram('cmd'), env: { NoDefaultCurrentDirectoryInExePath: '1' } }
    : { shell: true, env: process.geteuid?.() === 0 ? { PATH: searchPath() } : {} }
}
