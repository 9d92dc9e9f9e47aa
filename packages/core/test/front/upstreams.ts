// Upstreams of a test: one that answers as the test writes it, byte by byte, and one of node:http.
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { waitUntil } from '../../../../test/support/wait-until.ts'

export interface RunningUpstream extends AsyncDisposable {
  readonly host: '127.0.0.1'
  readonly port: number
  /** How many connections it has accepted. */
  readonly connections: () => number
}

export interface RawRequest {
  /** The request line and the fields, without the empty line after them. */
  readonly head: string
  /** Of the fields with that name, in lower case, in order. */
  field(name: string): string[]
  /** Which request on its connection this is, and which connection, from 0. */
  readonly index: number
  readonly connection: number
}

export interface RawUpstream extends RunningUpstream {
  readonly requests: RawRequest[]
  /** Its connections, in the order in which they came. */
  readonly sockets: Socket[]
  /** Waits for the end of a connection. */
  closed(connection: number): Promise<void>
}

/** Calls `answer` for each head of a request that comes. What follows a head, `socket` emits; `answer` of the next request sees none of it. */
export async function rawUpstream(
  answer: (socket: Socket, request: RawRequest) => void,
): Promise<RawUpstream> {
  const requests: RawRequest[] = []
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = sockets.push(socket) - 1
    let text = ''
    let index = 0
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        if (!/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(`${head}\r\n`)) return
        const request = { head, index, connection, field: (name: string) => fieldsOf(head, name) }
        index += 1
        requests.push(request)
        answer(socket, request)
      }
    })
  })
  const running = await listening(server, sockets)
  return {
    ...running,
    requests,
    sockets,
    closed: (connection) =>
      waitUntil(() => sockets[connection]?.destroyed === true, { what: 'the end of the connection' }),
  }
}

export async function httpUpstream(
  listener: RequestListener,
  prepare: (server: Server) => void = () => undefined,
): Promise<RunningUpstream> {
  const server = createHttpServer(listener)
  prepare(server)
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  return listening(server, sockets)
}

async function listening(
  server: ReturnType<typeof createServer>,
  sockets: Socket[],
): Promise<RunningUpstream> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

function fieldsOf(head: string, name: string): string[] {
  return head
    .split('\r\n')
    .slice(1)
    .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name)
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
}
