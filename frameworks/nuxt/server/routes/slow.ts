import { setTimeout as pause } from 'node:timers/promises'

export default defineEventHandler(async () => {
  console.log('slow request')
  await pause(700)
  return 'done'
})
