import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { nodeProgram } from '../process/node-program.ts'
import { systemProgram } from '../system/find-program.ts'
import { runQuietly } from './run-quietly.ts'

/**
 * Sends Ctrl-C to the console of a process on Windows, as WinSW does. A process has one console, so this takes a process of its own: it leaves
 * its own console and joins the other one. It ignores Ctrl-C itself, which takes effect after a moment, and then sends it to all that share the
 * console (https://learn.microsoft.com/windows/console/generateconsolectrlevent). Resolves when that is done, or could not be.
 *
 * A Node with `node:ffi` (from 26.9) does it in 0.3 s. Otherwise PowerShell does, which every Windows has, and which compiles the declarations first.
 */
export async function interruptConsole(pid: number): Promise<void> {
  if (isBuiltin('node:ffi'))
    await runQuietly(nodeProgram(), ['--no-warnings', fileURLToPath(script())], {
      env: { LOCKSTEP_CONSOLE_OF: String(pid) },
    })
  else
    await runQuietly(systemProgram('WindowsPowerShell\\v1.0\\powershell'), [
      '-NoProfile',
      '-NonInteractive',
      '-ExecutionPolicy',
      'Bypass',
      '-EncodedCommand',
      Buffer.from(powerShellScript(pid), 'utf16le').toString('base64'),
    ])
}

const script = (): URL => new URL('./send-ctrl-c.js', import.meta.url)

/** The same steps as in `send-ctrl-c.ts`. */
function powerShellScript(pid: number): string {
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
