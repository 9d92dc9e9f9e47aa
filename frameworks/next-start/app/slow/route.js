import { setTimeout as pause } from 'node:timers/promises'

export const dynamic = 'force-dynamic'

export async function GET() {
  console.log('slow request')
  await pause(700)
  return new Response('done')
}
