import { setTimeout as pause } from 'node:timers/promises'
import { feathers } from '@feathersjs/feathers'
import { bodyParser, errorHandler, koa, rest, serveStatic } from '@feathersjs/koa'
import socketio from '@feathersjs/socketio'

// A messages service that allows to create new and return all existing messages
class MessageService {
  messages = []

  async find() {
    return this.messages
  }

  async create(data) {
    const message = { id: this.messages.length, text: data.text }
    this.messages.push(message)
    return message
  }
}

class SlowService {
  async find() {
    console.log('slow request')
    await pause(700)
    return ['done']
  }
}

const app = koa(feathers())

// Use the current folder for static file hosting
app.use(serveStatic('.'))
// Register the error handle
app.use(errorHandler())
// Parse JSON request bodies
app.use(bodyParser())

// Register REST service handler
app.configure(rest())
// Configure Socket.io real-time APIs
app.configure(socketio())
// Register our messages service
app.use('messages', new MessageService())
app.use('slow', new SlowService())

// Add any new real-time connection to the `everybody` channel
app.on('connection', (connection) => app.channel('everybody').join(connection))
// Publish all events to the `everybody` channel
app.publish((_data) => app.channel('everybody'))

// Start the server
app
  .listen(3030)
  .then(() => console.log('Feathers server listening on localhost:3030'))
