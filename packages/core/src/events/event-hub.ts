import { EventEmitter } from 'node:events'
import type { LaunchEvent, LaunchEventOf, LaunchEventType } from './launch-event.ts'

/** Typed events. A listener that throws is the caller's fault and surfaces as an uncaught exception, as with any emitter. */
export interface EventHub {
  emit(event: LaunchEvent): void
  /** Gives the function that takes the listener off again. */
  on<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
  onAny(listener: (event: LaunchEvent) => void): () => void
}

const any = Symbol('any event')

export function createEventHub(): EventHub {
  const emitter = new EventEmitter()
  return {
    emit(event) {
      emitter.emit(any, event)
      emitter.emit(event.type, event)
    },
    on(type, listener) {
      emitter.on(type, listener)
      return () => void emitter.off(type, listener)
    },
    onAny(listener) {
      emitter.on(any, listener)
      return () => void emitter.off(any, listener)
    },
  }
}
