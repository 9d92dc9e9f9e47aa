// A program of Fastify that calls `listen()` itself, as in its documentation.
import Fastify from 'fastify'

const fastify = Fastify()

fastify.get('/', (_request, reply) => {
  reply.send({ hello: 'world' })
})

fastify.get('/pid', (_request, reply) => {
  reply.send(String(process.pid))
})

fastify.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' }, (error) => {
  if (error) throw error
})
