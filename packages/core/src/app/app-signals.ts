import { EventEmitter } from 'node:events'
import { constants } from 'node:os'

/** The signals that end a server. Whichever of them comes, the launcher decides when the app may act on it. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGBREAK'] as const

export type StopSignal = (typeof stopSignals)[number]

/** The app's own listeners for the signals that end a server, kept apart from those of the process. */
export interface AppSignals {
  /** The last phase of the app is under way: an exit of the process now belongs to the stop. */
  readonly isEnding: boolean
  /**
   * Calls the listeners of this signal, and leaves the process to the app for a while. Resolves when the app sends itself a signal
   * that it no longer listens to, and when `limit` is aborted. When the app calls `process.exit()`, or leaves nothing that
   * keeps the event loop alive, the process ends without that.
   */
  end(options: {
    /** Sent to the app's listeners for messages instead of the signal, if it has any. */
    readonly message: string | null
    readonly signal: StopSignal
    readonly limit: AbortSignal
    readonly onFailure: (error: unknown) => void
  }): Promise<'over' | 'late'>
}

/** What listeners for `beforeExit` get when no listener waits for the signal. An app that holds handles never comes there. */
const beforeExitMs = 500

/**
 * Keeps the app's listeners for the stop signals away from Node, which would call them in the midst of the requests. To be called
 * once, in a process that belongs to the launcher, before the app is loaded; what preloaded modules have registered is taken over.
 * The launcher's own listeners go past it, by `listenToSignal()`.
 *
 * This is a trick: own properties of `process` hide the methods of EventEmitter. Node has no public way to distinguish one
 * listener from the other, or to put one off. `test/app/app-signals.test.ts` sees whether it works. What calls
 * `EventEmitter.prototype.on` by itself goes past it.
 */
export function keepAppSignals(): AppSignals {
  const kept = new EventEmitter()
  kept.setMaxListeners(0)
  for (const signal of stopSignals)
    for (const listener of process.rawListeners(signal)) {
      process.off(signal, listener as () => void)
      kept.on(signal, listener as () => void)
    }
  for (const name of methodsOfOneEvent) divert(name, kept)
  divertRemoveAll(kept)

  let isEnding = false
  const over = Promise.withResolvers<'over' | 'late'>()
  divertKill((signal) => {
    if (!isEnding) return false
    // One that still listens has been called, and is at work.
    if (kept.listenerCount(signal) === 0) over.resolve('over')
    return true
  })

  return {
    get isEnding() {
      return isEnding
    },
    async end({ message, signal, limit, onFailure }) {
      const listeners =
        message !== null && process.listenerCount('message') > 0
          ? [() => process.emit('message', message, undefined)]
          : kept.rawListeners(signal)
      const waitsForEnd = process.listenerCount('beforeExit') > 0
      if (isEnding || (listeners.length === 0 && !waitsForEnd)) return 'over'
      isEnding = true
      const late = (): void => over.resolve('late')
      if (limit.aborted) late()
      limit.addEventListener('abort', late, { once: true })
      if (listeners.length === 0) setTimeout(() => over.resolve('over'), beforeExitMs).unref()
      for (const listener of listeners) call(listener as Listener, { signal, onFailure })
      return over.promise
    },
  }
}

/** Listens to a signal for the launcher, whether or not the listeners of the app are kept apart. */
export function listenToSignal(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): void {
  EventEmitter.prototype.on.call(process, signal, listener)
}

export function stopListeningToSignal(
  signal: NodeJS.Signals,
  listener: (signal: NodeJS.Signals) => void,
): void {
  EventEmitter.prototype.off.call(process, signal, listener)
}

type Listener = (signal: StopSignal, number: number | undefined) => unknown

/** As Node does: with the name and the number. An app that fails has had its turn. */
function call(
  listener: Listener,
  { signal, onFailure }: { signal: StopSignal; onFailure: (error: unknown) => void },
): void {
  try {
    Promise.resolve(listener.call(process, signal, numberOf(signal))).catch(onFailure)
  } catch (error) {
    onFailure(error)
  }
}

const methodsOfOneEvent = [
  'on',
  'addListener',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'listeners',
  'rawListeners',
  'listenerCount',
] as const

type Method = (...args: unknown[]) => unknown

function divert(name: (typeof methodsOfOneEvent)[number], kept: EventEmitter): void {
  const original = process[name] as Method
  replace(name, function (this: unknown, event: unknown, ...rest: unknown[]) {
    if (this !== process || !isStopSignal(event)) return original.call(this, event, ...rest)
    const result = (kept[name] as Method)(event, ...rest)
    return result === kept ? process : result
  })
}

/** Node listens to it itself, for the sockets that come over its channel. An app that removes all listeners means its own. */
const nodesOwnEvent = 'internalMessage'

function divertRemoveAll(kept: EventEmitter): void {
  const original = process.removeAllListeners as Method
  replace('removeAllListeners', function (this: unknown, ...events: unknown[]) {
    const [event] = events
    if (this !== process || (events.length > 0 && !isStopSignal(event))) return original.call(this, ...events)
    if (isStopSignal(event)) kept.removeAllListeners(event)
    else {
      kept.removeAllListeners()
      for (const name of process.eventNames())
        if (!isStopSignal(name) && name !== nodesOwnEvent) original.call(process, name)
    }
    return process
  })
}

/** `isTaken` says whether a signal of the app to its own process goes no further. */
function divertKill(isTaken: (signal: StopSignal) => boolean): void {
  const original = process.kill
  replace('kill', (pid: number, signal?: string | number): true => {
    const name = nameOf(signal)
    return (pid === process.pid && name !== null && isTaken(name)) || original.call(process, pid, signal)
  })
}

function replace(name: string, value: unknown): void {
  Object.defineProperty(process, name, { value, configurable: true, enumerable: false, writable: true })
}

function isStopSignal(event: unknown): event is StopSignal {
  return stopSignals.some((signal) => signal === event)
}

/** `null` for any other signal. */
function nameOf(signal: string | number = 'SIGTERM'): StopSignal | null {
  return stopSignals.find((name) => name === signal || numberOf(name) === signal) ?? null
}

/** Undefined for SIGBREAK, which only Windows has. */
function numberOf(signal: StopSignal): number | undefined {
  return (constants.signals as Partial<Record<string, number>>)[signal]
}
