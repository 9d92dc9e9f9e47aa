import { appendFileSync, existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** Writes the messages that it gets to `messages.txt`, in the current folder. */
function note(what: string): void {
  appendFileSync('messages.txt', `${what}\n`)
}

process.on('message', (message) => note(`message ${JSON.stringify(message)}`))

// As apps under PM2 do when they can serve; but not where the case has said otherwise.
if (!existsSync('silent')) process.send?.('ready')

export default async function messagingApp(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.startsWith('/slow')) {
    note('asked')
    await pause(300)
    note('answers')
  }
  if (url === '/disconnect') {
    process.channel?.unref()
    process.disconnect?.()
  }
  response.end(JSON.stringify({ send: typeof process.send, connected: process.connected === true }))
}
