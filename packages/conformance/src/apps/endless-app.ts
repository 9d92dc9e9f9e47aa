import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'

/** The text that is appended to the key of a client: RFC 6455 section 1.3. */
const protocolGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Sends events, or messages to a WebSocket, every 10 ms, in two halves each, and never ends by itself. It ignores `close` and all frames of a
 * client, so only the server can end it.
 */
export default createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  let count = 0
  setInterval(() => {
    count += 1
    response.write(`data: ${count}\n`)
    response.write('\n')
  }, 10)
}).on('upgrade', ({ headers }, socket) => {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${protocolGuid}`).digest('base64')
  socket.on('error', () => undefined).resume()
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
  socket.write(`Sec-WebSocket-Accept: ${accept}\r\n\r\n`)
  sendMessages(socket)
})

/** A text of eight bytes. Its second half comes in a later turn of the event loop, and then the next text. */
function sendMessages(socket: Duplex): void {
  socket.write(Buffer.from([0x81, 8, ...Buffer.from('mess')]))
  setTimeout(() => {
    socket.write('ages')
    setTimeout(() => sendMessages(socket), 5)
  }, 5)
}
