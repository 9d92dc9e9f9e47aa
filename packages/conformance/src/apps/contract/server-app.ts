import { createServer, IncomingMessage, ServerResponse } from 'node:http'

class OwnRequest extends IncomingMessage {
  readonly isOfTheApp = true
}
class OwnResponse extends ServerResponse<OwnRequest> {
  readonly isOfTheApp = true
}

const seen: string[] = []

/** A server with settings and listeners of all kinds. `/report` says what reached it, and a connection ends after seven requests. */
const server = createServer(
  {
    maxHeaderSize: 65_536,
    joinDuplicateHeaders: true,
    uniqueHeaders: ['x-joined'],
    requireHostHeader: false,
    rejectNonStandardBodyWrites: true,
    keepAliveTimeout: 40_000,
    highWaterMark: 20_480,
    IncomingMessage: OwnRequest,
    ServerResponse: OwnResponse,
  },
  async (request, response) => {
    if (request.url === '/connections')
      return void server.getConnections((_, count) => response.end(String(count)))
    if (request.url === '/close-idle') {
      server.closeIdleConnections()
      return void response.end('closed idle ones')
    }
    if (request.url === '/close-all') return void server.closeAllConnections()
    let refusedBody = false
    if (request.url === '/no-content') {
      response.statusCode = 204
      try {
        response.write('not allowed')
      } catch {
        refusedBody = true
      }
      seen.push(`refused a body: ${refusedBody}`)
      return void response.end()
    }
    response.setHeader('X-Joined', ['a', 'b'])
    response.end(
      JSON.stringify({
        seen,
        ownRequest: request.isOfTheApp === true,
        ownResponse: response.isOfTheApp === true,
        sameServer: (request.socket as unknown as { server: unknown }).server === server,
        listening: server.listening,
        address: server.address() !== null,
        // Node takes the first of these, unless it joins them.
        twice: request.headers.from,
        highWaterMark: request.socket.readableHighWaterMark,
        allowHalfOpen: request.socket.allowHalfOpen,
      }),
    )
  },
)
server.maxHeadersCount = 30
server.maxRequestsPerSocket = 7
Object.assign(server, {
  shouldUpgradeCallback: ({ url }: IncomingMessage) => url !== '/not-wanted',
})

for (const event of ['listening', 'connection', 'secureConnection', 'tlsClientError', 'dropRequest', 'close'])
  server.on(event, () => {
    seen.push(event)
    if (event === 'close') process.stdout.write('the server of the app was closed\n')
  })
server.on('checkContinue', (request: OwnRequest, response: OwnResponse) => {
  seen.push('checkContinue')
  if (request.headers['x-token'] === 'good') {
    response.writeContinue()
    server.emit('request', request, response)
  } else response.writeHead(401).end('no token')
})
server.on('checkExpectation', (_, response) => {
  seen.push('checkExpectation')
  response.writeHead(418).end('odd expectation')
})
server.on('clientError', (_, socket) => {
  seen.push('clientError')
  socket.end('HTTP/1.1 499 Mine\r\n\r\n')
})
server.on('connect', (_, socket) => {
  seen.push('connect')
  socket.end('HTTP/1.1 200 OK\r\n\r\ntunnel')
})
server.on('upgrade', ({ url }, socket) => {
  seen.push('upgrade')
  if (url === '/fails') throw new Error('the app fails on an upgrade')
  socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nupgraded')
})

export default server

/** Only for upgrades, which it passes to a library of WebSockets. */
export const webSocketsAlone = createServer().on('upgrade', (_, socket) => {
  const library = {
    handleUpgrade: () => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nopen'),
  }
  library.handleUpgrade()
})

/** Sets a time when a request asks for it. */
export const changing = createServer((request, response) => {
  if (request.url === '/change') changing.keepAliveTimeout = 33_000
  response.end('changing')
})

/** Takes two connections, and notes those above. */
export const limited = createServer((_, response) => response.end(JSON.stringify(dropped)))
const dropped: string[] = []
limited.maxConnections = 2
limited.on('drop', () => dropped.push('drop'))

/** Its time for idle connections is short. */
export const timed = createServer((request, response) => {
  if (request.url === '/late') setTimeout(() => response.end('late'), 150)
})
timed.timeout = 300
Object.assign(timed, { httpAllowHalfOpen: true })
timed.on('timeout', (socket) => socket.end('HTTP/1.1 408 Timed by the app\r\n\r\n'))

const often = { connectionsCheckingInterval: 100 }

export const slowHeads = createServer({ ...often, requestTimeout: 0, headersTimeout: 400 }, (_, response) =>
  response.end('never'),
)
export const slowBodies = createServer({ ...often, requestTimeout: 600 }, (request, response) =>
  request.resume().on('end', () => response.end('never')),
)
