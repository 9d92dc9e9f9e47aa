import { appendFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** Records its events in `signals.txt`, in the current folder. */
function note(what: string): void {
  appendFileSync('signals.txt', `${what}\n`)
}

/** What most tutorials do, with an exit code that shows. A stop is SIGTERM, and Ctrl-C on Windows, which has no SIGTERM. */
for (const name of ['SIGTERM', 'SIGINT'] as const)
  process.on(name, (signal: string, number: number) => {
    note(`${signal} ${number}`)
    process.exit(3)
  })
process.on('exit', () => note('exit'))

export default async function signalledApp(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.startsWith('/slow')) {
    note('asked')
    await pause(500)
    note('answers')
  }
  response.end('fine')
}
