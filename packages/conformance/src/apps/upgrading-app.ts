import { createServer } from 'node:http'

/** Handles each upgrade to the protocol `echo`, and sends all data back. */
export default createServer((_, response) => response.end('no upgrade')).on('upgrade', (_, socket, head) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
  socket.write(head)
  socket.pipe(socket)
  socket.on('error', () => socket.destroy())
})
