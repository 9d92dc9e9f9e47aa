import { basename, dirname, join, resolve } from 'node:path'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'
import { statIfReachable } from '../platform/files/stat-if-reachable.ts'

/** Their apps are modules of Node. */
const backendsOfNode: readonly unknown[] = ['single', 'cluster']

/** The servers for Python that have a backend: what they are given as an app is Python. */
const backendsOfPython: readonly unknown[] = ['gunicorn', 'uvicorn']

/**
 * A Python app as its servers name it (`package.module:app`), or by the path of its file (`./src/main.py:app`; the name of the app is `app`
 * if it is left out). `null` where there is no such file, unless the backend runs nothing else.
 */
export function findPythonApp(
  value: string,
  { app: { source }, backend }: ResolvedOptions,
): Extract<PlannedApp, { kind: 'python' }> | null {
  if (backendsOfNode.includes(backend.value)) return null
  const { directory } = source
  const [, path, name = 'app'] =
    /^(.{2,}?\.py)(?::([\p{ID_Start}_][\p{ID_Continue}.()]*))?$/u.exec(value) ?? []
  if (path !== undefined) {
    const file = resolve(directory, path)
    const isThere = isFile(file)
    return isThere || backendsOfPython.includes(backend.value)
      ? { kind: 'python', ...byFile(file, name) }
      : null
  }
  const [module = ''] = value.split(':', 1)
  const place = resolve(directory, ...module.split('.'))
  const isThere = value.includes(':') && (isFile(`${place}.py`) || isFile(join(place, '__init__.py')))
  if (!isThere && !backendsOfPython.includes(backend.value)) return null
  return { kind: 'python', target: value, directory }
}

/** A file in packages is imported from the folder that holds the outermost one, as Python does. */
function byFile(file: string, name: string): { target: string; directory: string } {
  let directory = dirname(file)
  let module = basename(file, '.py')
  while (isFile(join(directory, '__init__.py'))) {
    module = `${basename(directory)}.${module}`
    directory = dirname(directory)
  }
  return { target: `${module}:${name}`, directory }
}

function isFile(path: string): boolean {
  return statIfReachable(path)?.isFile() ?? false
}
