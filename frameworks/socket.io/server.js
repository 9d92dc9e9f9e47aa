import express from 'express'
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const app = express()
const server = createServer(app)
const io = new Server(server)

app.get('/', (req, res) => {
  res.send('<h1>Hello world</h1>')
})

app.get('/slow', (req, res) => {
  console.log('slow request')
  setTimeout(() => res.send('done'), 700)
})

io.on('connection', (socket) => {
  socket.on('chat message', (msg) => {
    io.emit('chat message', msg)
  })
})

server.listen(3000, () => {
  console.log('server running at http://localhost:3000')
})
