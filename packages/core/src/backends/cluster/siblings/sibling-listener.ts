import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { welcome } from '../../../front/upstream/upstream-connection.ts'
import type { Logger } from '../../../log/logger.ts'
import { nodeCrypto } from '../../../platform/node/node-crypto.ts'
import { ownServer } from '../../../platform/node/own-servers.ts'
import { leaveSocketFolder } from '../../../platform/program/private-place.ts'
import type { AppServer } from '../../../serve/app-server.ts'
import { type ShownConnection, showConnection } from './shown-connection.ts'
import type { SiblingSeat } from './sibling.ts'

/** What a greeting may take: a sibling sends it as soon as it is connected. */
const greetingMs = 5_000
/** It may contain a certificate. */
const longestGreeting = 262_144

/** Takes connections of siblings. */
export interface SiblingListener {
  close(): void
  /** Closes it when the primary is gone, which would remove its place. */
  abandon(): void
}

/** Listens at the place of this worker. */
export async function listenForSiblings({
  seat,
  server,
  log,
}: {
  seat: SiblingSeat
  server: AppServer
  log: Logger
}): Promise<SiblingListener> {
  const listener = ownServer(
    createServer({ allowHalfOpen: true }, (socket) =>
      readGreeting(socket, {
        secret: seat.secret,
        onGreeting(shown) {
          showConnection(socket, shown)
          if (server.acceptPassed(socket)) socket.write(Uint8Array.of(welcome))
          else socket.destroy()
        },
        onStranger() {
          log.warn('a program that is not a worker of this server has connected to the private socket of one')
          socket.destroy()
        },
      }),
    ),
  )
  listener.listen(seat.path)
  await once(listener, 'listening')
  listener.on('error', (error) =>
    log.warn('a connection of another worker failed', { reason: error.message }),
  )
  listener.unref()
  return {
    close: () => void listener.close(),
    abandon() {
      listener.close()
      leaveSocketFolder(seat.path)
    },
  }
}

/** Reads the line that a sibling sends first: the secret, and what the connection of the client shows. Nothing may follow it yet. */
function readGreeting(
  socket: Socket,
  {
    secret,
    onGreeting,
    onStranger,
  }: { secret: string; onGreeting: (shown: ShownConnection) => void; onStranger: () => void },
): void {
  let held = ''
  const timer = setTimeout(() => socket.destroy(), greetingMs)
  const close = (): void => void socket.destroy()
  const look = (): void => {
    const bytes = socket.read() as Buffer | null
    if (bytes === null) return
    held += bytes.toString('latin1')
    const isProven = isSame(held.slice(0, secret.length), secret)
    if (held.length >= secret.length ? !isProven : false) {
      stop()
      onStranger()
    } else if (held.length > longestGreeting) close()
    else if (held.endsWith('\n')) {
      stop()
      onGreeting(JSON.parse(held.slice(secret.length + 1)))
    }
  }
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', look).off('end', close).off('close', stop).off('error', close)
  }
  socket.on('readable', look).on('end', close).once('close', stop).on('error', close)
}

function isSame(given: string, secret: string): boolean {
  return (
    given.length === secret.length &&
    nodeCrypto().timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(secret, 'latin1'))
  )
}
