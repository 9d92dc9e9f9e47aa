import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { isOwnServer } from '../platform/node/own-servers.ts'

/** Node says it when a server has begun to listen: https://nodejs.org/api/diagnostics_channel.html, section "Net". */
const channel = 'tracing:net.server.listen:asyncEnd'

/** Where an app listens by itself, beside what the launcher serves. */
export interface ListeningWatch {
  /** Called with each address, also of those that came before. */
  tell(onListening: (address: string) => void): void
  stop(): void
}

/** Watches for servers that an app lets listen in this process. To be called before the app is loaded. */
export function watchListening(): ListeningWatch {
  const early: Server[] = []
  let told: ((address: string) => void) | null = null
  const tell = (server: Server): void => {
    const address = addressOf(server)
    if (address !== null) told?.(address)
  }
  const onListening = (message: unknown): void => {
    const { server } = message as { server: Server }
    if (isOwnServer(server)) return
    if (told) tell(server)
    else early.push(server)
  }
  subscribe(channel, onListening)
  return {
    tell(call) {
      told = call
      for (const server of early.splice(0)) tell(server)
    },
    stop: () => void unsubscribe(channel, onListening),
  }
}

/** `null` when it listens no more. */
function addressOf(server: Server): string | null {
  const address = server.address()
  if (address === null || typeof address === 'string') return address
  return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}
