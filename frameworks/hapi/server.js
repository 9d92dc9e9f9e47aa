'use strict'

const Hapi = require('@hapi/hapi')
const { PassThrough } = require('node:stream')
const { setTimeout: pause } = require('node:timers/promises')

const sendEvents = async (stream) => {
  for (let count = 0; count < 3; count += 1) {
    stream.write(`data: ${count}\n\n`)
    await pause(150)
  }
  stream.end()
}

const init = async () => {
  const server = Hapi.server({
    port: 3000,
    host: 'localhost',
  })

  server.route({
    method: 'GET',
    path: '/',
    handler: (request, h) => {
      return 'Hello World!'
    },
  })

  server.route({
    method: 'POST',
    path: '/echo',
    handler: (request) => request.payload,
  })

  server.route({
    method: 'GET',
    path: '/slow',
    handler: async () => {
      console.log('slow request')
      await pause(700)
      return 'done'
    },
  })

  server.route({
    method: 'GET',
    path: '/events',
    handler: (request, h) => {
      const stream = new PassThrough()
      void sendEvents(stream)
      return h.response(stream).type('text/event-stream')
    },
  })

  await server.start()
  console.log('Server running on %s', server.info.uri)
}

process.on('unhandledRejection', (err) => {
  console.log(err)
  process.exit(1)
})

init()
