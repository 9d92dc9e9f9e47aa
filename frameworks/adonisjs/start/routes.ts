import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import router from '@adonisjs/core/services/router'

router.get('/', async () => {
  return {
    hello: 'world',
  }
})

router.post('/echo', async ({ request }) => request.body())

router.get('/slow', async () => {
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

router.get('/events', async ({ response }) => {
  response.header('Content-Type', 'text/event-stream')
  response.stream(Readable.from(events()))
})
