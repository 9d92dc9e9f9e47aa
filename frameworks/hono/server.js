import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { setTimeout as pause } from 'node:timers/promises'

const app = new Hono()

app.get('/', (c) => c.text('Hello Node.js!'))

app.post('/echo', async (c) => c.json(await c.req.json()))

app.get('/slow', async (c) => {
  console.log('slow request')
  await pause(700)
  return c.text('done')
})

app.get('/events', (c) =>
  streamSSE(c, async (stream) => {
    for (let count = 0; count < 3; count += 1) {
      await stream.writeSSE({ data: String(count) })
      await stream.sleep(150)
    }
  }),
)

const server = serve(app)

// graceful shutdown
process.on('SIGINT', () => {
  server.close()
  process.exit(0)
})
process.on('SIGTERM', () => {
  server.close((err) => {
    if (err) {
      console.error(err)
      process.exit(1)
    }
    process.exit(0)
  })
})
