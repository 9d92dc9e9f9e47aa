// A process that opens connections over TLS and holds them: `hold-connections.mjs` starts it and sends it tasks.
import tls from 'node:tls'

const { host, port, count, atOnce, kind } = JSON.parse(process.argv[2])
const answerMs = 30_000
// One context for all, because creating one for each connection would cost more than the handshake.
const secureContext = tls.createSecureContext()
const held = new Set()

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n'
const request = {
  bytes: `${get}\r\n`,
  isAnswer: (received) => received.startsWith('HTTP/1.1 200') && received.endsWith('hello'),
}
/** What is sent first on a connection, and again later. */
const { first, again } = {
  requests: { first: request, again: request },
  webSockets: {
    first: {
      bytes: `${get}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      isAnswer: (received) => received.startsWith('HTTP/1.1 101') && received.endsWith('\r\n\r\n'),
    },
    // A masked ping, and a pong: RFC 6455 section 5.5.
    again: {
      bytes: Buffer.from([0x89, 0x80, 0, 0, 0, 0]),
      isAnswer: (received) => received === '\x8a\x00',
    },
  },
}[kind]

/** Opens a connection and sends one request on it, so that the server sees a kept connection, and not one without a request. */
async function open() {
  const socket = tls.connect({ host, port, secureContext, rejectUnauthorized: false })
  socket.on('error', () => undefined)
  socket.once('close', () => held.delete(socket))
  if (await isAnswered(socket, first)) held.add(socket)
  else socket.destroy()
}

function isAnswered(socket, { bytes, isAnswer }) {
  const { promise, resolve } = Promise.withResolvers()
  let received = ''
  const onData = (chunk) => {
    received += chunk.toString('latin1')
    if (isAnswer(received)) settle(true)
  }
  const onClose = () => settle(false)
  const timer = setTimeout(() => settle(false), answerMs)
  const settle = (answered) => {
    clearTimeout(timer)
    socket.off('data', onData).off('close', onClose)
    // Without this, an unread socket would not notice that the server has closed it.
    socket.resume()
    resolve(answered)
  }
  socket.on('data', onData).once('close', onClose)
  socket.write(bytes)
  return promise
}

const tasks = {
  async open() {
    let left = count
    const opener = async () => {
      for (; left > 0; ) {
        left -= 1
        await open()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, opener))
    return held.size
  },
  count: async () => held.size,
  /** Sends a request, or a ping, on every n-th held connection. Returns how many were sent, and how many were answered. */
  async ask({ every }) {
    const chosen = [...held].filter((_, index) => index % every === 0)
    const answered = await Promise.all(chosen.map((socket) => isAnswered(socket, again)))
    return { asked: chosen.length, answered: answered.filter(Boolean).length }
  },
}

process.on('message', async ({ task, ...settings }) => process.send({ result: await tasks[task](settings) }))
process.once('disconnect', () => process.exit())
