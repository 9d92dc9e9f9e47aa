import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import inspector from 'node:inspector'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'

process.title = 'a title of the app'
process.stdout.write('the app writes this\n')

/** Standard input is at its end, or it is that of the launcher, which may never end. */
let stdin = 'open'
process.stdin.once('end', () => {
  stdin = 'ended'
})
process.stdin.resume()
process.stdin.unref?.()

/** Answers with what its process has, and does what a path asks for. */
export default async function processApp(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (url) {
    case '/handler-throws':
      throw new Error('the handler throws on purpose')
    case '/throw':
      response.end(String(process.pid))
      setImmediate(() => {
        throw new Error('thrown while it serves')
      })
      return
    case '/exit':
      response.end(String(process.pid))
      setImmediate(() => process.exit(4))
      return
    case '/caught':
      process.once('uncaughtException', () => response.end('caught'))
      setImmediate(() => {
        throw new Error('the app catches this')
      })
      return
    case '/child': {
      const child = spawn(process.execPath, ['-p', '"a child"'], { stdio: ['ignore', 'pipe', 'ignore'] })
      return void response.end(await text(child.stdout))
    }
    case '/thread': {
      const worker = new Worker('process.exit(5)', { eval: true })
      const [code] = (await once(worker, 'exit')) as [number]
      return void response.end(`the thread ended with ${code}`)
    }
    default:
      response.end(
        JSON.stringify({
          pid: process.pid,
          argv: process.argv.slice(2),
          execArgv: process.execArgv,
          variable: process.env['SUITE_VARIABLE'] ?? null,
          ofFile: process.env['OF_THE_FILE'] ?? null,
          folder: process.cwd(),
          title: process.title,
          stdin,
          stackTraceLimit: Error.stackTraceLimit,
          inspector: inspector.url() ?? null,
        }),
      )
  }
}
