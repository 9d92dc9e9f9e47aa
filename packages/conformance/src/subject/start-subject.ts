// What the process of a subject runs first, so that the rest of it is in the compile cache.
const [, , , cacheFolder] = process.argv
if (cacheFolder !== undefined) process.getBuiltinModule('node:module').enableCompileCache(cacheFolder)
await import('./subject-process.js')
