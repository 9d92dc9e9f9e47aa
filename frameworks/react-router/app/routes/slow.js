import { setTimeout as pause } from 'node:timers/promises'

export async function loader() {
  console.log('slow request')
  await pause(700)
  return new Response('done')
}
