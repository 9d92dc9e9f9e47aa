import { createServer } from 'http'
import { WebSocketServer } from 'ws'

const server = createServer((request, response) => {
  if (request.url !== '/slow') {
    response.end('Hello World!')
    return
  }
  console.log('slow request')
  setTimeout(() => response.end('done'), 700)
})
const wss = new WebSocketServer({ server })

wss.on('connection', function connection(ws) {
  ws.on('error', console.error)

  ws.on('message', function message(data) {
    ws.send(String(data))
  })

  ws.send('something')
})

server.listen(8080)
