import { createServer, IncomingMessage, ServerResponse } from 'node:http'

/** All that is refused under every plan. */
const server = createServer({ insecureHTTPParser: true }, (_, response) => response.end('never'))
server.maxConnections = 0
Object.assign(server, { pauseOnConnect: true })

export default server

class OwnRequest extends IncomingMessage {}
class OwnResponse extends ServerResponse {}

/** All that is refused with HTTP/2. */
export const withHttp2 = createServer(
  {
    joinDuplicateHeaders: true,
    rejectNonStandardBodyWrites: true,
    uniqueHeaders: ['x-joined'],
    IncomingMessage: OwnRequest,
    ServerResponse: OwnResponse,
  },
  (_, response) => response.end('never'),
)
