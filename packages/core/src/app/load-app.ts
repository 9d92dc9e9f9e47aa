import { isAccessDenied, whyFileFails } from '../errors/file-error.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { stackHint } from '../errors/stack-hint.ts'
import { headlineOf, isErrorLike } from '../errors/thrown.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'
import { importModule } from './import-module.ts'
import { lifespanOf, withLifespan } from './lifespan.ts'
import { prepareApp } from './prepare-app.ts'
import { exportsOf, selectExport } from './select-export.ts'
import type { ServedApp } from './served-app.ts'
import { findSyntaxError } from './typescript/find-syntax-error.ts'
import { watchListening } from './watch-listening.ts'

/**
 * Loads the app of a plan, and awaits what its module exports as `start`. What the app itself throws becomes the `cause` of `LOCKSTEP_ERR_APP_LOAD`, with the app's own stack.
 * Rejects with `LOCKSTEP_ERR_BOOT_TIMEOUT` when it takes longer than `bootMs`, and with `LOCKSTEP_ERR_STOPPED` when the launch is given up.
 * `elapsedMs` is what the boot has taken already, such as the start of the process.
 */
export async function loadApp(
  app: PlannedApp,
  {
    inMemory,
    bootMs,
    elapsedMs = 0,
    worker = null,
    saidReady = null,
    signal,
  }: {
    inMemory?: unknown
    bootMs: number
    elapsedMs?: number
    /** From 1; `null` when the server has one process only. For the app. */
    worker?: number | null
    /** Waited for once the app is loaded; `null`: the app is ready then. */
    saidReady?: Promise<void> | null
    signal?: AbortSignal
  },
): Promise<ServedApp> {
  const where = app.kind === 'module' ? app.file : app.kind === 'static' ? app.directory : 'the app'
  const late = Promise.withResolvers<never>()
  let isLoaded = false
  const timer = setTimeout(
    () => late.reject(isLoaded ? neverSaidReady(where, bootMs) : bootTimeout(where, bootMs)),
    Math.max(1, bootMs - elapsedMs),
  )
  const giveUp = (): void => late.reject(stoppedInBoot())
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()
  const ending = new AbortController()
  const loading = load(app, { inMemory, where, worker, ending })
  try {
    const loaded = await Promise.race([loading, late.promise])
    isLoaded = true
    await Promise.race([saidReady, late.promise])
    return loaded
  } catch (cause) {
    ending.abort()
    // An app that becomes ready after all is not served, and must not keep its resources.
    loading.then(({ close }) => close?.()).catch(() => undefined)
    if (cause instanceof LaunchError) throw cause
    if (isAccessDenied(cause) && (cause as NodeJS.ErrnoException).path === where) {
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_APP_LOAD',
        message: `${where} cannot be read: ${whyFileFails(cause)}.`,
        hint: 'Let this user read the file.',
        cause,
      })
    }
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_LOAD',
      message: `${where} fails while it is loaded: ${sentence(messageOf(cause) + (await placeOf(cause, app)))}`,
      hint: otherRuntime(cause) ?? stackHint(cause, correctIt(app)),
      cause,
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
}

async function load(
  app: PlannedApp,
  {
    inMemory,
    where,
    ...lifespan
  }: { inMemory: unknown; where: string; worker: number | null; ending: AbortController },
): Promise<ServedApp> {
  if (app.kind === 'command' || app.kind === 'python')
    throw new TypeError('only an app of Node can be loaded into a process of Node')
  if (app.kind === 'static') {
    const { createStaticApp } = await import('./static/static-app.ts')
    return createStaticApp(app)
  }
  const { interface: face } = app
  if (app.kind === 'memory') return prepareApp(inMemory, { face, where })
  const listening = watchListening()
  try {
    for (const file of app.imports) await importBefore(file)
    const module = await importModule(app.file)
    const given = selectExport(module, app)
    const served = await withLifespan(lifespanOf(exportsOf(module), { ...app, app: given }), {
      where,
      prepare: () => prepareApp(given, { face, where }),
      ...lifespan,
    })
    return { ...served, listening }
  } catch (error) {
    listening.stop()
    throw error
  }
}

/** A failure is that of the module, and not of the app. */
async function importBefore(file: string): Promise<void> {
  try {
    await importModule(file)
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_LOAD',
      message: `${file} fails while it is loaded before the app: ${sentence(headlineOf(cause))}`,
      hint: stackHint(cause, 'Correct it there, or leave it out of --import.'),
      cause,
    })
  }
}

function bootTimeout(where: string, bootMs: number): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    message: `${where} did not become ready within ${bootMs / 1_000} s.`,
    hint: 'Raise --boot-timeout, or look for what the app waits for at its start.',
  })
}

function neverSaidReady(where: string, bootMs: number): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    message: `${where} was loaded, but did not call process.send('ready') within ${bootMs / 1_000} s.`,
    hint: 'Call it when the app can serve, leave --wait-ready out, or raise --boot-timeout.',
  })
}

export function stoppedInBoot(): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_STOPPED',
    message: 'The launch was stopped before it was ready.',
    hint: 'Start it again.',
  })
}

function messageOf(cause: unknown): string {
  return headlineOf(cause)
}

async function placeOf(cause: unknown, app: PlannedApp): Promise<string> {
  const place =
    isErrorLike(cause) && cause.name === 'SyntaxError' && app.kind === 'module'
      ? await findSyntaxError(app.file, cause)
      : null
  return place === null ? '' : ` (near ${place})`
}

function correctIt(app: PlannedApp): string {
  return app.kind === 'module' && /\.(?:[mc]?ts|[jt]sx)$/.test(app.file)
    ? 'Correct it there. If a compiler takes it as it is, install tsx where the app is (`npm install -D tsx`), and start with --import tsx.'
    : 'Correct it there, and start again.'
}

/** A program that starts its server by Deno or Bun alone. */
function otherRuntime(cause: unknown): string | null {
  const name = /^(Deno|Bun) is not defined$/.exec(isErrorLike(cause) ? cause.message : '')?.[1]
  return name === undefined
    ? null
    : `Node runs the app here, and ${name} exists in ${name} alone. Instead of ${name}.serve(handler) export the handler: \`export default { fetch: handler }\`, which ${name} serves too.`
}

function sentence(text: string): string {
  return /[.!?]\s*$/.test(text) ? text.trimEnd() : `${text.trimEnd()}.`
}
