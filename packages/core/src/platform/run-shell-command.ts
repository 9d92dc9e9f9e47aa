import { execa } from 'execa'

/** Runs a short command by the system's shell to its end and gives its standard output. Throws when it fails or takes too long. */
export async function runShellCommand(
  command: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<string> {
  const { stdout } = await execa(command, {
    shell: true,
    stdin: 'ignore',
    timeout: timeoutMs,
    stripFinalNewline: false,
    windowsHide: true,
  })
  return stdout
}
