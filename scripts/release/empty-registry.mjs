import { once } from 'node:events'
import { createServer } from 'node:http'

/**
 * A registry on this machine that has no packages. With it, a dry run asks nothing of the network and finds each version
 * unpublished. Resolves with the variables by which npm uses it, and with what closes it.
 */
export async function startEmptyRegistry() {
  const server = createServer((_request, response) =>
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    env: { npm_config_registry: `http://127.0.0.1:${server.address().port}/` },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
