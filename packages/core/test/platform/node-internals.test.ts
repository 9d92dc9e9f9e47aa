// Each private part of Node that Lockstep uses, used as Lockstep does. When a test here fails on a new Node, the file that it imports says what
// to look at.
import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import { issueCertificate } from '@lockstep/certs'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  bindHandle,
  canBindHandles,
  listenWithoutAccepting,
  placeOf,
} from '../../src/platform/node/internals/bind-handle.ts'
import { closeIdleConnections } from '../../src/platform/node/internals/close-idle-connections.ts'
import { endsWithHead } from '../../src/platform/node/internals/ends-with-head.ts'
import {
  handleOfSocket,
  socketOfHandle,
  takeOverChannel,
} from '../../src/platform/node/internals/handle-channel.ts'
import { idleConnections } from '../../src/platform/node/internals/idle-connections.ts'
import { isSent } from '../../src/platform/node/internals/is-sent.ts'
import { judgeAsParsed } from '../../src/platform/node/internals/judge-as-parsed.ts'
import { sentField } from '../../src/platform/node/internals/sent-head.ts'
import { socketBelow } from '../../src/platform/node/internals/socket-below.ts'
import { streamHandle } from '../../src/platform/node/internals/stream-handle.ts'
import { symbolMember } from '../../src/platform/node/internals/symbol-member.ts'
import { writeProgress } from '../../src/platform/node/internals/write-progress.ts'

const isWindows = process.platform === 'win32'

describe('the private parts of this Node', () => {
  it.skipIf(isWindows)('a bound handle listens, and this process accepts nothing from it', async () => {
    expect(canBindHandles()).toBe(true)
    const handle = bindHandle('127.0.0.1', { port: 0, family: 4 })
    listenWithoutAccepting(handle, 5)
    const client = net.connect(placeOf(handle).port, '127.0.0.1')
    await once(client, 'connect')
    // Another process would accept it. When the handle closes, the kernel resets what was not accepted.
    const failed = once(client, 'error')
    handle.close()
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
  })

  it('the head of a response has the fields that were given to writeHead() alone', async () => {
    const { exchange, ask } = await serve()
    const asked = ask()
    const { response } = await exchange()
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write('a')
    expect(response.getHeader('content-type')).toBeUndefined()
    expect(sentField(response, 'content-type')?.trim()).toBe('text/event-stream')
    expect(sentField(response, 'x-absent')).toBeUndefined()
    response.end()
    await asked
  })

  it('the socket below a TLS socket is known when its handshake has succeeded or failed', async () => {
    const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'] })
    const server = tls.createServer({ cert: certPem, key: keyPem })
    const below: Socket[] = []
    const listener = net.createServer((socket) => {
      below.push(socket)
      server.emit('connection', socket)
    })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    onTestFinished(() => void listener.close())
    const { port } = listener.address() as AddressInfo
    const secured = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>
    const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    const [socket] = await secured
    expect(socketBelow(socket)).toBe(below[0])
    client.destroy()
    const failed = once(server, 'tlsClientError') as Promise<[Error, tls.TLSSocket]>
    net
      .connect({ port, host: '127.0.0.1' })
      .on('error', () => undefined)
      .end('not TLS\r\n\r\n')
    const [, other] = await failed
    expect(socketBelow(other)).toBe(below[1])
  })

  it('idle connections are known, and one of them can be spared when they are closed', async () => {
    const { server, exchange, ask } = await serve()
    const sockets: Socket[] = []
    for (let index = 0; index < 2; index += 1) {
      const asked = ask()
      const { request, response } = await exchange()
      sockets.push(request.socket)
      response.end('a')
      await asked
    }
    expect(new Set(idleConnections(server))).toEqual(new Set(sockets))
    const [spared, other] = sockets as [Socket, Socket]
    closeIdleConnections([server], { spare: [spared] })
    expect([spared.destroyed, other.destroyed]).toEqual([false, true])
    spared.destroy()
    expect(spared.destroyed).toBe(true)
  })

  it('a response that was read to its end counts as sent, and its bytes as taken', async () => {
    const { exchange, ask } = await serve()
    const asked = ask()
    const { request, response } = await exchange()
    const { socket } = request
    const before = writeProgress(socket).taken
    const closed = once(response, 'close')
    response.end('a'.repeat(10_000))
    await Promise.all([asked, closed])
    expect(isSent(response, socket)).toBe(true)
    expect(writeProgress(socket).taken - before).toBeGreaterThan(10_000)
    expect(writeProgress(socket).pending).toBe(0)
  })

  it('a handle becomes a socket that reads and writes', async () => {
    const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const first = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(first, 'connect')
    expect(streamHandle(first)).toBe(handleOfSocket(first))
    if (!isWindows) expect(streamHandle(first)?.fd).toBeGreaterThan(2)
    const again = socketOfHandle(handleOfSocket(first) as object)
    const [data] = (await once(again, 'data')) as [Buffer]
    expect(data.toString()).toBe('hello')
    again.destroy()
    first.destroy()
  })

  it('settings of a TLS server are found under their symbols', () => {
    const server = tls.createServer({ SNICallback: () => undefined, pskCallback: () => null })
    expect(symbolMember(server, 'snicallback')).toBeTypeOf('function')
    expect(symbolMember(server, 'pskcallback')).toBeTypeOf('function')
    expect(symbolMember(server, 'no such thing')).toBeUndefined()
  })

  it('an HTTP/2 session has its native part until it is destroyed', async () => {
    const server = http2.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const [session] = await once(server, 'session')
    expect(symbolMember(session, 'kHandle')).toBeTypeOf('object')
    session.destroy()
    expect(symbolMember(session, 'kHandle')).toBeUndefined()
    client.destroy()
    server.close()
  })

  it('the channel of a child process can be read without the reader of Node', async () => {
    const child = fork('data:text/javascript,0', [], {
      execArgv: ['-e', 'process.send({ said: 1 }); setInterval(() => undefined, 1_000)'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const { promise, resolve } = Promise.withResolvers<string>()
    const channel = takeOverChannel(child, {
      onBytes: (bytes) => resolve(Buffer.from(bytes).toString()),
      onHandle: () => undefined,
    })
    expect(channel).not.toBeNull()
    expect(await promise).toContain('"said":1')
  })

  it('what is read from the channel of a worker ends where the buffer may go on', async () => {
    const child = fork('data:text/javascript,0', [], {
      execArgv: ['-e', 'process.on("message", (said) => process.send({ said })); process.send("up")'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let read = ''
    const lines = new EventEmitter()
    takeOverChannel(child, {
      onBytes(bytes) {
        read += bytes.toString()
        if (read.endsWith('\n')) lines.emit('line')
      },
      onHandle: () => undefined,
    })
    // Node 26 on Windows passes such buffers.
    const symbol = Object.getOwnPropertySymbols(child).find((one) => one.description === 'kChannelHandle')
    const handle = Reflect.get(child, symbol ?? '') as { onread: (bytes?: ArrayBuffer) => void }
    const { onread } = handle
    handle.onread = function (bytes) {
      const larger = bytes && new Uint8Array(bytes.byteLength + 64).fill(0x71)
      if (bytes) larger?.set(new Uint8Array(bytes))
      onread.call(this, larger?.buffer)
    }
    await once(lines, 'line')
    child.send('first')
    await once(lines, 'line')
    child.send('second')
    await once(lines, 'line')
    expect(read).toBe('"up"\n{"said":"first"}\n{"said":"second"}\n')
  })

  it('an upgrade can be refused before Node takes it for one', async () => {
    const asks = 'shouldUpgradeCallback' in http.createServer()
    const { server, exchange, ask } = await serve()
    server.on('upgrade', (_request, socket) => socket.destroy())
    if (asks) Object.assign(server, { shouldUpgradeCallback: () => false })
    else server.on('connection', (socket) => judgeAsParsed(socket, () => false))
    const asked = ask({ Connection: 'Upgrade', Upgrade: 'odd' })
    const { response } = await exchange()
    response.end('still HTTP')
    expect(await asked).toBe('still HTTP')
  })

  it('what follows the head of a request is known while Node asks about an upgrade', async () => {
    const head = 'GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n'
    const answers: boolean[] = []
    const { server } = await serve()
    const look = (request: http.IncomingMessage): boolean => {
      answers.push(endsWithHead(request))
      return false
    }
    if ('shouldUpgradeCallback' in server) Object.assign(server, { shouldUpgradeCallback: look })
    else server.on('connection', (socket: Socket) => judgeAsParsed(socket, look))
    server.removeAllListeners('request')
    server.on('request', (_request, response) => response.end())
    server.on('upgrade', (_request, socket) => socket.destroy())
    const { port } = server.address() as AddressInfo
    for (const pieces of [
      [head],
      [`${head}x`],
      [`${head}${head}`],
      [head.slice(0, 30), `${head.slice(30)}x`],
    ]) {
      const socket = net.connect(port, '127.0.0.1')
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => socket.write('', resolve))
      }
      await once(socket, 'data')
      socket.destroy()
    }
    expect(answers).toEqual([true, false, false, false])
  })
})

/** A server, its next exchange, and a client with a connection of its own for each request. */
async function serve() {
  const waiting: ((exchange: Exchange) => void)[] = []
  const server = http.createServer((request, response) => waiting.shift()?.({ request, response }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return {
    server,
    exchange: () => new Promise<Exchange>((resolve) => waiting.push(resolve)),
    async ask(headers: Readonly<Record<string, string>> = {}): Promise<string> {
      const agent = new http.Agent({ keepAlive: true })
      onTestFinished(() => agent.destroy())
      const [response] = (await once(http.get({ host: '127.0.0.1', port, agent, headers }), 'response')) as [
        http.IncomingMessage,
      ]
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      await once(response, 'end')
      return body
    },
  }
}

interface Exchange {
  readonly request: http.IncomingMessage
  readonly response: http.ServerResponse
}
