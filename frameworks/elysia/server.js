import { setTimeout as pause } from 'node:timers/promises'
import { node } from '@elysiajs/node'
import { Elysia, sse } from 'elysia'

new Elysia({ adapter: node() })
  .get('/', () => 'Hello Elysia')
  .post('/echo', ({ body }) => body)
  .get('/slow', async () => {
    console.log('slow request')
    await pause(700)
    return 'done'
  })
  .get('/events', async function* () {
    for (let count = 0; count < 3; count += 1) {
      yield sse(String(count))
      await pause(150)
    }
  })
  .listen(3000, ({ hostname, port }) => {
    console.log(`🦊 Elysia is running at ${hostname}:${port}`)
  })
