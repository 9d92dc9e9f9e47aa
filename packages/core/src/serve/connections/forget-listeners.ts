import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

/**
 * To be called as a socket emits `'close'`, its last event: listeners for that are still called. A closed socket outlives every
 * collection of the young generation, since V8 allocates a closure in the old one when its function literal is assigned to a property, and
 * `WritableState` of Node 22 and later has one (`onwrite`). Until the next full collection it would keep all that its listeners know: half of
 * what stays of a connection.
 */
export function forgetListeners(socket: Socket): void {
  // That of `Readable` would also look, in the next turn, whether there still is a reader.
  EventEmitter.prototype.removeAllListeners.call(socket)
  // Code that still holds the socket may emit it, and without a listener that would end the process.
  EventEmitter.prototype.on.call(socket, 'error', ignore)
}

function ignore(): void {}
