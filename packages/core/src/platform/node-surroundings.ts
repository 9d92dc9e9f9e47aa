/** Where programs are looked up. */
export function searchPath(): string {
  return process.env['PATH'] ?? ''
}

/** The settings of this process of Node, which it passes on to workers. */
export function nodeSettings(): { readonly nodeOptions: string; readonly flags: readonly string[] } {
  return { nodeOptions: process.env['NODE_OPTIONS'] ?? '', flags: process.execArgv }
}
