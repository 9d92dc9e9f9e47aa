import { reportUncaught } from '../errors/report-uncaught.ts'
import { isLast, type LaunchEvent, type LaunchEventOf, type LaunchEventType } from './launch-event.ts'

/**
 * Typed events. A listener belongs to the program that embeds the launcher, so an error in it never reaches the code that emits: it
 * becomes an uncaught exception of its own, and what an async listener rejects with is an unhandled rejection, as always.
 */
export interface EventHub {
  emit(event: LaunchEvent): void
  /** Returns the function that removes the listener. */
  on<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
  /** As `on()`, for the next such event alone. */
  once<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
  onAny(listener: (event: LaunchEvent) => void): () => void
  /** The last event was emitted. */
  readonly isOver: boolean
}

export function createEventHub(): EventHub {
  const forAny = new Set<Registration>()
  const forType = new Map<LaunchEventType, Set<Registration>>()
  const add = (listeners: Set<Registration>, call: Registration['call']): (() => void) => {
    // An object of its own, so that a function that listens twice is called twice.
    const registration = { call }
    listeners.add(registration)
    return () => void listeners.delete(registration)
  }
  let isOver = false
  const on: EventHub['on'] = (type, listener) => {
    const listeners = forType.get(type) ?? new Set()
    forType.set(type, listeners)
    return add(listeners, listener as Registration['call'])
  }
  return {
    get isOver() {
      return isOver
    },
    emit(event) {
      isOver ||= isLast(event)
      // A copy: a listener may add and remove others.
      for (const { call } of [...forAny, ...(forType.get(event.type) ?? [])]) {
        try {
          call(event)
        } catch (error) {
          reportUncaught(error)
        }
      }
    },
    on,
    once(type, listener) {
      const remove = on(type, (event) => {
        remove()
        listener(event)
      })
      return remove
    },
    onAny: (listener) => add(forAny, listener),
  }
}

interface Registration {
  readonly call: (event: LaunchEvent) => void
}
