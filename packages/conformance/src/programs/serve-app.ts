import { fstatSync } from 'node:fs'
import { createServer, type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'

/**
 * A program of its own that serves an app of the suite: `node serve-app.js APP PORT`. It listens on 127.0.0.1, knows nothing of
 * Lockstep, and believes what its proxy says of the client. docs/writing-a-backend.md lists what such a program does.
 */
const [, , file = '', port = ''] = process.argv
/** The limits are those of the proxy in front of it. */
const settings = { maxHeaderSize: 1_048_576 }
const { default: app } = (await import(pathToFileURL(file).href)) as { default: unknown }
const server = await serverOf(app)
server.listen(Number(port), '127.0.0.1')
// What started it is gone when the pipe ends.
if (isPipe(0)) process.stdin.resume().once('end', () => process.exit())
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => server.close(() => process.exit()))

function isPipe(descriptor: number): boolean {
  const stats = fstatSync(descriptor)
  return stats.isFIFO() || stats.isSocket()
}

type Listener = (request: IncomingMessage, response: ServerResponse, more: { trustsProxy: true }) => unknown
type Fetch = (request: Request) => Response | Promise<Response>

async function serverOf(given: unknown): Promise<Server> {
  if (given instanceof Server) return given
  if (typeof given !== 'function') throw new TypeError(`${file} has no app that this program can serve`)
  if (given.length === 0) return serverOf(await (given as () => unknown)())
  if (given.length === 1)
    return createServer(settings, async (request, response) => {
      const answer = await (given as Fetch)(new Request(`http://localhost${request.url}`))
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
  return createServer(
    settings,
    (request, response) => void (given as Listener)(request, response, { trustsProxy: true }),
  )
}
