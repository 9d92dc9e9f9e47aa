/** Where programs are looked up. */
export function searchPath(): string {
  return process.env['PATH'] ?? ''
}

/** What this process of Node was told beside its arguments, which it hands on to workers. */
export function nodeSettings(): { readonly nodeOptions: string; readonly flags: readonly string[] } {
  return { nodeOptions: process.env['NODE_OPTIONS'] ?? '', flags: process.execArgv }
}
