import { isAccessDenied, whyFileFails } from '../errors/file-error.ts'
import { hintWhenThrown } from '../errors/hint-when-thrown.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { reportUncaught } from '../errors/report-uncaught.ts'
import { headlineOf, isErrorLike } from '../errors/thrown.ts'
import type { AppPort, PlannedApp } from '../plan/launch-plan.ts'
import { util } from '../platform/node/node-util.ts'
import { importModule } from './import-module.ts'
import { lifespanOf, withLifespan } from './lifespan.ts'
import { describeAsked } from './listen/asked-listen.ts'
import { awaitListen, type BusyWith, watchBusy } from './listen/await-listen.ts'
import { bootProgram, refuseOtherApp } from './listen/boot-program.ts'
import { callsItself } from './listen/calls-itself.ts'
import type { CapturedServer } from './listen/captured-server.ts'
import type { findListeningChild } from './listen/find-listening-child.ts'
import { refuseOthers, warnOfOthers } from './listen/follow-listening.ts'
import { interceptListen, type ListenWatch, type OpenAppPort } from './listen/intercept-listen.ts'
import { mayBePrivate, openPrivately } from './listen/open-privately.ts'
import { prepareApp } from './prepare-app.ts'
import { defaultExport, exportsOf, selectExport } from './select-export.ts'
import type { ServedApp } from './served-app.ts'

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
    isShared = true,
    ports = [],
    servedPorts = [],
    boundPorts = [],
    openAppPort = null,
    openProbe = null,
    letIdle = null,
  }: {
    inMemory?: unknown
    bootMs: number
    elapsedMs?: number
    /** From 1; `null` when the server has one process only. For the app. */
    worker?: number | null
    /** Waited for once the app is loaded; `null`: the app is ready then. */
    saidReady?: Promise<void> | null
    signal?: AbortSignal
    /** The process is that of a program around the launcher, as by default: that program is the main module, and may have servers of its own. */
    isShared?: boolean
    /** Where the app may listen by itself, beside what is served. */
    ports?: readonly AppPort[]
    /** Where the user has said that the app is served: see `portsSetByUser()`. */
    servedPorts?: readonly number[]
    /** Ports of TCP that the launcher may have bound in this process already. */
    boundPorts?: readonly number[]
    /** Opens such a port for the app; `null`: the app binds it itself. */
    openAppPort?: OpenAppPort | null
    /** Opens a server by which the app looks for a free port while it boots; `null`: the app does. */
    openProbe?: OpenAppPort | null
    /** Releases what keeps the event loop alive for the launcher, until it is disposed of; `null`: that can't be done here. */
    letIdle?: (() => Disposable) | null
  },
): Promise<ServedApp> {
  const where = app.kind === 'module' ? app.file : app.kind === 'static' ? app.directory : 'the app'
  const late = Promise.withResolvers<never>()
  let isLoaded = false
  /** What the program does that is waited for until it listens; `null`: it is not. */
  let waitsAs: string | null = null
  let open: ListenWatch['open'] = () => []
  let children = null as Disposable | null
  const busyWith = watchBusy()
  const tooLate = async (): Promise<LaunchError> => {
    if (isLoaded) return neverSaidReady(where, bootMs)
    if (waitsAs === null) return bootTimeout(where, bootMs)
    const seen = { does: waitsAs, bootMs, busyWith: busyWith(), open: open() }
    const isMoved = openAppPort === openPrivately && ports.length > 0 ? mayBePrivate : () => false
    // A program around the launcher may have servers of its own.
    const around = isShared ? null : { ports, boundPorts, isMoved, placeOf: describeAsked }
    const { neverListened } = await import('./listen/never-listened.ts')
    return neverListened(where, { ...seen, around })
  }
  const timer = setTimeout(
    () => void tooLate().then(late.reject, late.reject),
    Math.max(1, bootMs - elapsedMs),
  )
  const giveUp = (): void => late.reject(stoppedInBoot())
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()
  const ending = new AbortController()
  const onWaiting = (watch: Pick<ListenWatch, 'open'>, does: string): void => {
    waitsAs = does
    open = watch.open
    // It would keep alive a process in which nothing else happens any more.
    timer.unref()
    // A program around the launcher may have servers in processes of its own.
    if (!isShared)
      children ??= watchChildren({ where, does, ports, placeOf: describeAsked, onFound: late.reject })
  }
  const loading = load(app, {
    ...{
      inMemory,
      where,
      worker,
      ending,
      isShared,
      ports,
      servedPorts,
      openAppPort,
      openProbe,
      busyWith,
      onWaiting,
    },
    letIdle: isShared ? null : letIdle,
  })
  try {
    const loaded = await Promise.race([loading, late.promise])
    isLoaded = true
    // Programs say it in the listener of `listening`, which is called once the address is bound.
    if (!loaded.server?.captured) await Promise.race([saidReady, late.promise])
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
      hint: otherRuntime(cause) ?? (await hintWhenThrown(cause, correctIt(app))),
      cause,
    })
  } finally {
    clearTimeout(timer)
    children?.[Symbol.dispose]()
    signal?.removeEventListener('abort', giveUp)
  }
}

/** Most apps are not waited for, and need none of that code. */
function watchChildren(options: Parameters<typeof findListeningChild>[0]): Disposable {
  const watching = import('./listen/find-listening-child.ts').then(({ findListeningChild }) =>
    findListeningChild(options),
  )
  return { [Symbol.dispose]: () => void watching.then((watch) => watch[Symbol.dispose]()) }
}

/** Waits for an app that listens by itself to say that it is ready. Rejects as `loadApp()` does. */
export async function untilSaidReady(
  app: PlannedApp,
  { saidReady, bootMs, signal }: { saidReady: Promise<void>; bootMs: number; signal?: AbortSignal },
): Promise<void> {
  const where = app.kind === 'module' ? app.file : 'the app'
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(neverSaidReady(where, bootMs)), bootMs)
  const giveUp = (): void => late.reject(stoppedInBoot())
  signal?.addEventListener('abort', giveUp, { once: true })
  // While the address was bound.
  if (signal?.aborted) giveUp()
  try {
    await Promise.race([saidReady, late.promise])
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
    isShared,
    ports,
    servedPorts,
    openAppPort,
    openProbe,
    busyWith,
    letIdle,
    onWaiting,
    ...lifespan
  }: {
    inMemory: unknown
    where: string
    worker: number | null
    ending: AbortController
    isShared: boolean
    ports: readonly AppPort[]
    servedPorts: readonly number[]
    openAppPort: OpenAppPort | null
    openProbe: OpenAppPort | null
    busyWith: BusyWith
    letIdle: (() => Disposable) | null
    onWaiting: (watch: ListenWatch, does: string) => void
  },
): Promise<ServedApp> {
  if (app.kind === 'command' || app.kind === 'python')
    throw new TypeError('only an app of Node can be loaded into a process of Node')
  if (app.kind === 'static') {
    const { createStaticApp } = await import('./static/static-app.ts')
    return createStaticApp(app)
  }
  if (app.kind === 'memory') return prepareApp(inMemory, { face: app.interface, where })
  let listening = isShared ? warnOfOthers() : null
  let watch: ListenWatch | undefined
  let exported: unknown
  try {
    // Before the rest: their servers, as one for metrics, are not the app.
    for (const file of app.imports) await importBefore(file)
    const intercepted = interceptListen({ where, ports, servedPorts, openAppPort, openProbe, isShared })
    watch = intercepted
    listening ??= refuseOthers(intercepted)
    const served = await bootProgram({
      watch: intercepted,
      exported: () => exported,
      where,
      mayWait: app.exportName === null && app.interface === 'auto',
      load: () =>
        loadModule(app, {
          ...{ where, watch: intercepted, isShared, ...lifespan },
          onExport(given) {
            exported = given
          },
          untilListens() {
            onWaiting(intercepted, 'calls the function that it exports')
            return awaitListen(intercepted, { busyWith, letIdle })
          },
        }),
      onFailedLater: reportUncaught,
      ...{ busyWith, letIdle },
      onWaiting: () => onWaiting(intercepted, 'exports no app'),
    })
    intercepted.endBoot(exported, served.server?.server ?? null)
    if (isShared) intercepted.stop()
    return { ...served, listening, loadedAs: { file: app.file, exportName: app.exportName } }
  } catch (error) {
    listening?.stop()
    watch?.stop()
    throw error
  }
}

/** A failure is that of the module, and not of the app. */
async function importBefore(file: string): Promise<void> {
  try {
    await importModule(file)
  } catch (cause) {
    if (cause instanceof LaunchError) throw cause
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_LOAD',
      message: `${file} fails while it is loaded before the app: ${sentence(headlineOf(cause))}`,
      hint: await hintWhenThrown(cause, 'Correct it there, or leave it out of --import.'),
      cause,
    })
  }
}

/** Imports a module and makes an app of what it exports. `null`: it listens by itself, and exports no other app. */
async function loadModule(
  app: Extract<PlannedApp, { kind: 'module' }>,
  {
    where,
    watch,
    isShared,
    onExport,
    untilListens,
    ...lifespan
  }: {
    where: string
    watch: ListenWatch
    isShared: boolean
    /** Called with what the module exports, and with what becomes of it: the value of a promise, the product of a factory. */
    onExport: (exported: unknown) => void
    /** Resolves with `null` when nothing is left for which the module may wait before it listens. */
    untilListens: () => Promise<CapturedServer | null>
    worker: number | null
    ending: AbortController
  },
): Promise<ServedApp | null> {
  const module = await importModule(app.file, { isMain: !isShared })
  const captured = watch.current()
  if (captured && app.exportName === null) {
    // It has started by itself, so nothing of it is called: neither a factory nor `start()`.
    const given = defaultExport(module)
    refuseOtherApp(util.types.isPromise(given) ? await given : given, captured, { where })
    return null
  }
  const given = selectExport(module, app)
  onExport(given)
  if (!captured && app.interface === 'auto' && (await callsItself(given, app.file))) {
    // To call it once more would start everything twice.
    if (await untilListens()) return null
  }
  if (captured) refuseOtherApp(given, captured, { where })
  return withLifespan(lifespanOf(exportsOf(module), { ...app, app: given }), {
    where,
    prepare: () => prepareApp(given, { face: app.interface, where, onApp: onExport }),
    ...lifespan,
  })
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

/** Without the chain of modules that Node adds, which is in the stack too. */
function messageOf(cause: unknown): string {
  return headlineOf(cause).replace(/\.? Require stack: - .*$/, '')
}

async function placeOf(cause: unknown, app: PlannedApp): Promise<string> {
  if (!isErrorLike(cause) || cause.name !== 'SyntaxError' || app.kind !== 'module') return ''
  const { findSyntaxError } = await import('./typescript/find-syntax-error.ts')
  const place = await findSyntaxError(app.file, cause)
  return place === null ? '' : ` (near ${place})`
}

function correctIt(app: PlannedApp): string {
  return app.kind === 'module' && /\.(?:[mc]?ts|[jt]sx)$/.test(app.file)
    ? 'Correct it there. If a compiler takes it as it is, install tsx where the app is (`npm install -D tsx`), and start with --import tsx.'
    : 'Correct it there, and start or reload again.'
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
