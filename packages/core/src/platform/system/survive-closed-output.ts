/** Keeps serving when the reader of our output has gone (`lockstep … | head`). Only what can't be written is lost. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
