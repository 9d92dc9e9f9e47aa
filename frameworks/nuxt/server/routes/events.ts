import { setTimeout as pause } from 'node:timers/promises'

export default defineEventHandler((event) => {
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
