import { createServer } from 'node:http'

/** A server with settings and listeners of its own. It takes upgrades to `echo`, and lets no body come without a token. */
const server = createServer({ keepAliveTimeout: 40_000 }, (_, response) => response.end('request'))
server.on('checkContinue', (request, response) => {
  if (request.headers['x-token'] === 'good') {
    response.writeContinue()
    server.emit('request', request, response)
  } else response.writeHead(401).end('no token')
})
server.on('upgrade', (_, socket) => {
  socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nupgraded')
})

export default server
