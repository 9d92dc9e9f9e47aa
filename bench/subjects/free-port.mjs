import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that was free just now: for programs that can't choose a free port themselves. */
export async function freePort() {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
