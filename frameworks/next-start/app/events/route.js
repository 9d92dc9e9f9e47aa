import { setTimeout as pause } from 'node:timers/promises'

export const dynamic = 'force-dynamic'

async function* events() {
  for (let count = 0; count < 3; count += 1) {
    yield `data: ${count}\n\n`
    await pause(150)
  }
}

export function GET() {
  const stream = ReadableStream.from(events()).pipeThrough(new TextEncoderStream())
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } })
}
