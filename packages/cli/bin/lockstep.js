#!/usr/bin/env node
// Committed, not built, so that the command can be linked before the first build. It is kept to syntax that old versions of
// Node read too: their users must get a sentence, not a stack.
// Before anything else is read: until then, SIGUSR1 opens Node's inspector (closed-inspector.ts of @lockstep/core).
if (process.platform !== 'win32') for (const signal of ['SIGUSR1', 'SIGUSR2']) process.on(signal, () => {})
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`lockstep needs Node 22.18 or newer; this is ${process.versions.node}.`)
  process.exitCode = 2
} else {
  // Before the rest is loaded, so that it is in the cache.
  const { useCompileCache } = await import('../dist/compile-cache.js')
  useCompileCache()
  await import('../dist/bin.js')
}
