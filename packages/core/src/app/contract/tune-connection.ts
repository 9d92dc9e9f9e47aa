import type { Socket } from 'node:net'
import type { BroughtServer } from './brought-server.ts'
import type { FoundSetting } from './read-settings.ts'

/** Returns a function that applies the settings of the app's server to a connection: those that it has by then. */
export function connectionTuner(brought: Pick<BroughtServer, 'settings'>): (socket: Socket) => void {
  let { settings } = brought
  let tune = tunerOf(settings)
  return (socket) => {
    if (settings !== brought.settings) {
      settings = brought.settings
      tune = tunerOf(settings)
    }
    tune?.(socket)
  }
}

function tunerOf(settings: readonly FoundSetting[]): ((socket: Socket) => void) | null {
  const wanted = Object.fromEntries(
    settings.filter(({ answer }) => answer?.into === 'connection').map(({ name, value }) => [name, value]),
  )
  if (Object.keys(wanted).length === 0) return null
  const { noDelay, keepAlive, keepAliveInitialDelay, highWaterMark, allowHalfOpen } = wanted
  return (socket) => {
    if (noDelay === false) socket.setNoDelay(false)
    // Node keeps the delay in seconds.
    if (keepAlive === true) socket.setKeepAlive(true, Number(keepAliveInitialDelay ?? 0) * 1_000)
    if (allowHalfOpen === false) socket.allowHalfOpen = false
    if (typeof highWaterMark === 'number') setHighWaterMark(socket, highWaterMark)
  }
}

/**
 * A stream takes it when it is made, and connections are accepted before they meet the app's server. So the states of the stream are
 * changed, which are private to Node. A Node that keeps it elsewhere would leave the default, as the size of a buffer only.
 */
function setHighWaterMark(socket: Socket, bytes: number): void {
  const { _readableState: readable, _writableState: writable } = socket as unknown as Record<
    '_readableState' | '_writableState',
    { highWaterMark?: number } | undefined
  >
  for (const state of [readable, writable])
    if (state?.highWaterMark !== undefined) state.highWaterMark = bytes
}
