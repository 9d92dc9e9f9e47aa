import { hintWhenThrown } from '../errors/hint-when-thrown.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { headlineOf } from '../errors/thrown.ts'
import { isLiteral } from './contract/fetch-object.ts'
import type { ServedApp } from './served-app.ts'

/** What the `start` and `stop` of an app's module are called with. */
export interface LifespanContext {
  /** The number of the worker, from 1; `null` when the server has one process only. */
  readonly worker: number | null
  /** Aborted when this process begins to drain, and when its boot is given up. */
  readonly signal: AbortSignal
}

/**
 * What a module may export beside its app. Each is awaited, in every process that serves.
 *
 * @example
 * ```ts
 * import type { LifespanContext } from 'lockstep'
 *
 * export async function start({ worker, signal }: LifespanContext) {
 *   const timer = setInterval(() => console.log('worker', worker), 60_000)
 *   signal.addEventListener('abort', () => clearInterval(timer))
 * }
 * ```
 */
export interface Lifespan {
  /** Before the app serves; what it throws fails the boot. */
  readonly start?: (context: LifespanContext) => unknown
  /** After the last response. */
  readonly stop?: (context: LifespanContext) => unknown
}

/**
 * The functions `start` and `stop` among the exports of a module, or beside `fetch` in the plain object that it exports as its app: such an
 * object is written as a module is. Never those of another app, where a name may mean anything: `server.start()` of hapi listens. An
 * export that is the app is nothing else beside.
 */
export function lifespanOf(
  exports: Record<string, unknown>,
  { exportName, app }: { exportName: string | null; app: unknown },
): Lifespan {
  const named = (name: 'start' | 'stop'): Lifespan => {
    const exported = name === exportName ? undefined : ownFunction(exports, name)
    const found = exported ?? (isFetchObject(app) ? ownFunction(app, name) : undefined)
    return found ? { [name]: found } : {}
  }
  return { ...named('start'), ...named('stop') }
}

type LifespanFunction = (context: LifespanContext) => unknown

function ownFunction(object: Record<string, unknown>, name: string): LifespanFunction | undefined {
  const found = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof found === 'function' ? (context) => found.call(object, context) : undefined
}

function isFetchObject(app: unknown): app is Record<string, unknown> {
  return typeof app === 'object' && app !== null && isLiteral(app) && typeof app['fetch'] === 'function'
}

/** Prepares an app between its module's `start` and `stop`. Rejects with `LOCKSTEP_ERR_APP_START` when `start` fails. */
export async function withLifespan(
  { start, stop }: Lifespan,
  {
    where,
    prepare,
    worker,
    ending,
  }: {
    where: string
    prepare: () => Promise<ServedApp>
    worker: number | null
    /** Aborted here when the drain begins. */
    ending: AbortController
  },
): Promise<ServedApp> {
  const context: LifespanContext = Object.freeze({ worker, signal: ending.signal })
  try {
    await start?.(context)
  } catch (cause) {
    throw await failedToStart(where, cause)
  }
  try {
    const app = await prepare()
    return {
      ...app,
      drain: () => ending.abort(),
      ...((stop || app.close) && {
        close: async () => {
          try {
            await app.close?.()
          } finally {
            await stop?.(context)
          }
        },
      }),
    }
  } catch (error) {
    ending.abort()
    // What it had taken is given back; that the app can't be served is what counts.
    await Promise.resolve(stop?.(context)).catch(() => undefined)
    throw error
  }
}

async function failedToStart(where: string, cause: unknown): Promise<LaunchError> {
  const said = headlineOf(cause).replace(/[.!?]?\s*$/, '.')
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_START',
    message: `${where} fails in its start(): ${said}`,
    hint: `${await hintWhenThrown(cause, '')} start() is called before the app serves, and must resolve.`.trim(),
    cause,
  })
}
