import { resolve } from 'node:path'
import { importModule } from '../app/import-module.ts'
import { clusterBackend } from '../backends/cluster/cluster-backend.ts'
import type { ServerBackend } from '../backends/server-backend.ts'
import { singleBackend } from '../backends/single/single-backend.ts'
import { validateBackend } from '../backends/validate-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { stackHint } from '../errors/stack-hint.ts'
import { headlineOf } from '../errors/thrown.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { ValueSource } from '../options/sources/raw-options.ts'
import { suggestion } from '../options/sources/suggest.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'
import { workerCount } from '../plan/worker-count.ts'
import { statIfReachable } from '../platform/files/stat-if-reachable.ts'
import type { BackendChoice } from '../preflight/backend-choice.ts'
import { type KnownBackends, knownBackend, namesOfKnown } from './known-backends.ts'

/** Finds the backend that the options name, or chooses one for `auto`. */
export async function chooseBackend(
  { backend, workers }: ResolvedOptions,
  { kind, others }: { kind: PlannedApp['kind'] | null; others: KnownBackends },
): Promise<BackendChoice> {
  const { value, source } = backend
  if (typeof value !== 'string')
    return { backend: validateBackend(value, 'What was given as a backend'), reason: 'given in memory' }
  if (value === 'auto' && (kind === 'command' || kind === 'python'))
    return forProgram(kind, { others, source })
  if (value === 'auto') {
    const count = workerCount(workers.value)
    if (count > 1) return { backend: clusterBackend, reason: `auto: ${count} workers need a primary` }
    // With one CPU too: the same options do the same on each machine.
    if (workers.value === 'auto')
      return { backend: clusterBackend, reason: 'auto: workers = auto has a primary, with one CPU too' }
    return {
      backend: singleBackend,
      reason: `auto: one worker needs no primary${kind === 'memory' ? ', and the app is in memory' : ''}`,
    }
  }
  return { backend: await findBackend(value, { ...source, others }), reason: `named by ${source.label}` }
}

/** The backend of a program that is not Node's. */
async function forProgram(
  kind: 'command' | 'python',
  { others, source }: { others: KnownBackends; source: ValueSource },
): Promise<BackendChoice> {
  const name = kind === 'command' ? 'command' : process.platform === 'win32' ? 'uvicorn' : 'gunicorn'
  const reason =
    kind === 'command'
      ? 'auto: a program is to be started'
      : `auto: the app is Python, and ${name} runs ${name === 'uvicorn' ? 'on Windows' : 'here'}`
  return { backend: await findBackend(name, { ...source, others }), reason }
}

/** A backend by its name, or by the path of a module that exports it by default. Throws `LaunchError`. */
export async function findBackend(
  name: string,
  {
    directory,
    label,
    others = {},
  }: Pick<ValueSource, 'directory' | 'label'> & {
    /** Those that are known beside the built-in ones. */
    others?: KnownBackends
  },
): Promise<ServerBackend> {
  const named = await knownBackend(name, others)
  if (named) return named
  const file = resolve(directory, name)
  if (!statIfReachable(file)?.isFile()) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_BACKEND_UNKNOWN',
      message: `There is no backend "${name}", and no module at ${file}.`,
      hint: suggestion(
        name,
        [...namesOfKnown(others), 'auto'],
        `The backends are ${namesOfKnown(others).join(', ')}; auto chooses.`,
      ),
      source: label,
    })
  }
  return validateBackend(await defaultExportOf(file, label), `The default export of ${file}`)
}

async function defaultExportOf(file: string, label: string): Promise<unknown> {
  try {
    return (await importModule(file))['default']
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_BACKEND_LOAD',
      message: `The backend ${file} cannot be loaded: ${headlineOf(cause).replace(/[.!?]?\s*$/, '.')}`,
      hint: stackHint(
        cause,
        'Name a module that exports a ServerBackend by default. See docs/writing-a-backend.md.',
      ),
      source: label,
      cause,
    })
  }
}
