import { setTimeout as pause } from 'node:timers/promises'

// Runs in a process of its own on Windows: a process has one console, and this one leaves its own. See `interrupt-console.ts`.

/** https://nodejs.org/api/ffi.html, as of 26.10: experimental, so the types of Node lack it. */
interface Ffi {
  dlopen<Name extends string>(
    library: string,
    functions: Record<Name, { readonly arguments: readonly string[]; readonly return: string }>,
  ): { readonly functions: Record<Name, (...values: readonly (number | bigint)[]) => number> }
}

/** Between a change of the handler and its effect, and between an event and its delivery. */
const settleMs = 100

const ffi = (process.getBuiltinModule as (name: string) => unknown)('node:ffi') as Ffi
const { functions: kernel } = ffi.dlopen('kernel32.dll', {
  FreeConsole: { arguments: [], return: 'int32' },
  AttachConsole: { arguments: ['uint32'], return: 'int32' },
  SetConsoleCtrlHandler: { arguments: ['pointer', 'int32'], return: 'int32' },
  GenerateConsoleCtrlEvent: { arguments: ['uint32', 'uint32'], return: 'int32' },
})

kernel.FreeConsole()
if (kernel.AttachConsole(Number(process.env['LOCKSTEP_CONSOLE_OF'])) !== 0) {
  // This process is in that console now, and would end by the event too.
  kernel.SetConsoleCtrlHandler(0n, 1)
  await pause(settleMs)
  // CTRL_C_EVENT, to every process of the console.
  kernel.GenerateConsoleCtrlEvent(0, 0)
  await pause(settleMs)
  kernel.FreeConsole()
}
