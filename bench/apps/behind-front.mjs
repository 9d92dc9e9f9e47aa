// A program on the port of its first argument: it accepts every WebSocket and answers pings, and says how long a request body was.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const ping = 0x89
const pong = Buffer.from([0x8a, 0])

const server = createServer(async (request, response) => {
  let bytes = 0
  for await (const part of request) bytes += part.length
  response.end(request.method === 'POST' ? String(bytes) : 'hello')
})
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('data', (bytes) => {
    if (bytes[0] === ping) socket.write(pong)
  })
  socket.on('error', () => undefined)
})
server.listen({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 2_048 })
process.once('SIGTERM', () => process.exit(0))
