import type { Server } from 'node:net'
import type { BoundAddress } from './address/bound-address.ts'

/** A listening socket and the address that it really has. */
export interface Listener {
  readonly address: BoundAddress
  readonly server: Server
  /** A port that this launch has bound, so that closing it is the end of it: not a socket of a service manager, nor a file. */
  readonly isOurs?: true
  /** Removes the file of its socket, where closing the server does not. */
  removeFile?(): void
  /** Calls a function that closes the server. Present where closing removes the file of its socket: it spares a file that has replaced this one. */
  closeWith?(close: () => void): void
}

/** Stops accepting. Open connections are not touched. */
export function closeListeners(listeners: readonly Listener[]): void {
  for (const listener of listeners) {
    const close = (): void => void listener.server.close()
    if (listener.closeWith) listener.closeWith(close)
    else close()
    listener.removeFile?.()
  }
}
