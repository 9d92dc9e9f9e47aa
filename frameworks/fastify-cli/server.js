import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

// `fastify start` makes the server, and registers this plugin. It demands both parameters.
export default async function routes(fastify, _options) {
  fastify.get('/', async () => ({ hello: 'world' }))

  fastify.post('/echo', async (request) => request.body)

  fastify.get('/slow', async () => {
    console.log('slow request')
    await pause(700)
    return 'done'
  })

  fastify.get('/events', (_request, reply) => {
    reply.type('text/event-stream').send(Readable.from(events()))
  })
}

async function* events() {
  for (let count = 0; count < 3; count += 1) {
    yield `data: ${count}\n\n`
    await pause(150)
  }
}
