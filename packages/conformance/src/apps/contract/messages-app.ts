import type { IncomingMessage, ServerResponse } from 'node:http'

type Send = (message: unknown, ...more: unknown[]) => boolean

const send: Send = (...words) => (process.send as unknown as Send)(...words)

/** The code with which a message is refused, or `sent`. */
function codeOf(...words: Parameters<Send>): string {
  try {
    send(...words)
    return 'sent'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

let deep: unknown = 1
for (let level = 0; level < 300; level += 1) deep = [deep]

/** Answers with what becomes of messages that can't be sent. */
export default async function messagesApp(
  { socket, url }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url === '/disconnect') {
    process.channel?.unref()
    process.disconnect?.()
    const code = await new Promise((resolve) =>
      send('late', (error: NodeJS.ErrnoException | null) => resolve(error?.code ?? 'sent')),
    )
    return void response.end(JSON.stringify({ afterDisconnect: code, connected: process.connected }))
  }
  response.end(
    JSON.stringify({
      plain: codeOf({ from: 'the app' }),
      handle: codeOf('with a handle', socket),
      large: codeOf('a'.repeat(2 ** 21)),
      deep: codeOf(deep),
      function: codeOf(() => undefined),
      connected: process.connected,
      channel: typeof process.channel?.ref,
    }),
  )
}
