import { createEventStream, H3, serve } from 'h3'
import { setTimeout as pause } from 'node:timers/promises'

const app = new H3()

app.get('/', () => '⚡️ Tadaa!')

app.post('/echo', (event) => event.req.json())

app.get('/slow', async () => {
  console.log('slow request')
  await pause(700)
  return 'done'
})

app.get('/events', (event) => {
  const stream = createEventStream(event)
  void (async () => {
    for (let count = 0; count < 3; count += 1) {
      await stream.push(String(count))
      await pause(150)
    }
    await stream.close()
  })()
  return stream.send()
})

serve(app, { port: 3000 })
