import { dirname } from 'node:path'

/**
 * The argument by which a worker finds the compile cache of this process; none without a cache, and none where NODE_COMPILE_CACHE names it,
 * which the worker inherits. Node names the folder of its version, and wants the one above it.
 */
export function compileCacheOfWorkers(): readonly string[] {
  if (process.env['NODE_COMPILE_CACHE']) return []
  const folder = process.getBuiltinModule('node:module').getCompileCacheDir()
  return folder === undefined ? [] : [dirname(folder)]
}

/** In the worker, before the rest of its code is read. */
export function useLaunchersCache(): void {
  const [, , folder] = process.argv
  if (folder !== undefined) process.getBuiltinModule('node:module').enableCompileCache(folder)
}
