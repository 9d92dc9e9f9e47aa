import cluster from 'node:cluster'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A program that listens by itself, or does what it must not, as a variable names. Without the variable it exports an app. */
const does = process.env['SUITE_LISTENS'] ?? 'exports'
let isCalledBack = false

function app(_: IncomingMessage, response: ServerResponse): void {
  response.end(
    JSON.stringify({ does, isCalledBack, listening: server?.listening, address: server?.address() }),
  )
}

const at = { port: 0, host: '127.0.0.1' }
const called = (): void => {
  isCalledBack = true
}
const acts: Readonly<Record<string, () => Server | Promise<Server> | undefined>> = {
  listens: () => createServer(app).listen(0, '127.0.0.1', called),
  'listens later': async () => {
    await pause(100)
    return createServer(app).listen(at, called)
  },
  'exports too': () => createServer(app).listen(at, called),
  'opens a socket': () => {
    // The first HTTP server that listens is the app.
    const first = createServer(app).listen(at, called)
    createServer((_, response) => response.end('a socket')).listen(join(process.cwd(), 'own.sock'))
    return first
  },
  never() {
    setInterval(() => undefined, 1_000)
    return undefined
  },
  'another app': () => createServer((_, response) => response.end('another')).listen(at),
  'another server': () => {
    createServer((_, response) => response.end('another')).listen(0, '127.0.0.1')
    return createServer(app).listen(at)
  },
  'shares its port': () => createServer(app).listen({ ...at, reusePort: true }),
  forks() {
    cluster.fork()
    return undefined
  },
}
let server: Server | undefined
void Promise.resolve(acts[does]?.()).then((made) => {
  server = made
})

/** Undefined where the program only listens. */
const exported = ['exports', 'exports too', 'another app'].includes(does) ? app : undefined
export default exported
