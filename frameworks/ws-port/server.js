import { WebSocketServer } from 'ws'

const wss = new WebSocketServer({ port: 8080 })

wss.on('connection', function connection(ws) {
  ws.on('error', console.error)

  ws.on('message', function message(data) {
    if (String(data) !== 'slow') {
      ws.send(String(data))
      return
    }
    console.log('slow request')
    setTimeout(() => ws.send('done'), 700)
  })

  ws.send('something')
})
