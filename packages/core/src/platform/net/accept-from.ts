import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { ownServer } from '../node/own-servers.ts'
import type { ListenOptions } from './listen.ts'

/**
 * Accepts from a socket that another process holds (see `hold-address.ts`). Rejects with the error of listen(2).
 */
export async function acceptFrom(
  handle: object,
  {
    backlog,
    onConnection,
    onAcceptError,
  }: Pick<ListenOptions, 'backlog' | 'onConnection'> & Required<Pick<ListenOptions, 'onAcceptError'>>,
): Promise<Server> {
  const server = ownServer(createServer({ allowHalfOpen: true, noDelay: true }, onConnection))
  const listening = once(server, 'listening')
  server.listen(handle, backlog)
  await listening
  server.on('error', onAcceptError)
  return server
}
