import Fastify from 'fastify'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

const fastify = Fastify({
  logger: true,
})

fastify.get('/', (request, reply) => {
  reply.send({ hello: 'world' })
})

fastify.post('/echo', async (request) => request.body)

fastify.get('/slow', async () => {
  console.log('slow request')
  await pause(700)
  return 'done'
})

async function* events() {
  for (let count = 0; count < 3; count += 1) {
    yield `data: ${count}\n\n`
    await pause(150)
  }
}

fastify.get('/events', (request, reply) => {
  reply.type('text/event-stream').send(Readable.from(events()))
})

// Run the server!
fastify.listen({ port: 3000 }, (err, address) => {
  if (err) {
    fastify.log.error(err)
    process.exit(1)
  }
  // Server is now listening on ${address}
})
