import { systemProgram } from '../system/find-program.ts'
import { runQuietly } from './run-quietly.ts'

/**
 * Sends Ctrl-C to the console of a process on Windows, as WinSW does. A process has one console, so this takes a process of its own: it leaves
 * its own console and joins the other one. It ignores Ctrl-C itself, which takes effect after a moment, and then sends it to all that share the
 * console (https://learn.microsoft.com/windows/console/generateconsolectrlevent). Resolves when that is done, or could not be.
 */
export async function interruptConsole(pid: number): Promise<void> {
  const command = Buffer.from(script(pid), 'utf16le').toString('base64')
  await runQuietly(systemProgram('WindowsPowerShell\\v1.0\\powershell'), [
    '-NoProfile',
    '-NonInteractive',
    '-ExecutionPolicy',
    'Bypass',
    '-EncodedCommand',
    command,
  ])
}

/** `GenerateConsoleCtrlEvent(0, 0)`: CTRL_C_EVENT, to every process of the console. */
function script(pid: number): string {
  return `
$kernel = Add-Type -PassThru -Namespace Lockstep -Name Kernel -MemberDefinition @'
[DllImport("kernel32.dll")] public static extern bool FreeConsole();
[DllImport("kernel32.dll")] public static extern bool AttachConsole(uint processId);
[DllImport("kernel32.dll")] public static extern bool SetConsoleCtrlHandler(IntPtr handler, bool add);
[DllImport("kernel32.dll")] public static extern bool GenerateConsoleCtrlEvent(uint kind, uint group);
'@
[void]$kernel::FreeConsole()
if (-not $kernel::AttachConsole(${pid})) { exit 1 }
[void]$kernel::SetConsoleCtrlHandler([IntPtr]::Zero, $true)
Start-Sleep -Milliseconds 100
$sent = $kernel::GenerateConsoleCtrlEvent(0, 0)
Start-Sleep -Milliseconds 100
[void]$kernel::FreeConsole()
if (-not $sent) { exit 2 }
`
}
