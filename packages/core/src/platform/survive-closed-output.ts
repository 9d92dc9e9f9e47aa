/** Keeps serving when whoever read our output has gone (`lockstep … | head`): what can't be written is lost, and nothing else. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
