/**
 * `stackHint()`, loaded when code of a user has thrown: most apps throw nothing, and each worker would load it. It may be out of reach by then,
 * because the installation was replaced or the process has no descriptor left. Then there is only `otherwise`.
 */
export async function hintWhenThrown(cause: unknown, otherwise: string): Promise<string> {
  const loaded = await import('./stack-hint.ts').catch(() => null)
  return loaded?.stackHint(cause, otherwise) ?? otherwise
}
