import {
  closeInspector,
  flushStream,
  keepTicksQuick,
  runUnderInit,
  surviveClosedOutput,
} from '@lockstep/core/internal'
import type { Output } from './commands/command.ts'
import { renderInitWarning } from './commands/run/init-warning.ts'

/** Runs a command line as the program of this process, which it ends with the exit code. */
export function asProgram(main: (words: readonly string[], output: Output) => Promise<number>): void {
  closeInspector()
  keepTicksQuick()
  surviveClosedOutput()
  const obstacle = runUnderInit(process.argv)
  if (obstacle !== null) process.stderr.write(renderInitWarning(obstacle))
  /** How long an exit waits for a reader of our output: one of `lockstep plan | less` may take all day. */
  let patienceMs: number | null = null
  // Not awaited here: after the drain an app may end this process by having nothing left to do, and Node would complain of an await
  // at the top level that never settles.
  void main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    ownsProcess: true,
    limitPatience(ms) {
      patienceMs = ms
    },
  }).then(async (code) => {
    process.exitCode = code
    // An app in this process may hold timers and connections that no stop has closed. What was written goes out first: a pipe is
    // asynchronous.
    await Promise.all([process.stdout, process.stderr].map((stream) => flushStream(stream, patienceMs)))
    process.exit()
  })
}
