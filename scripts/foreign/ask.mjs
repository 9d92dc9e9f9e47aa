// One request on a new connection, as a client that checks no name.
import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'

const answerMs = 3_000
const request = 'GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

/** The status of the answer in plain HTTP, or null, and whether anything listens. */
export async function askPlain(port) {
  const socket = connectPlain({ host: '127.0.0.1', port })
  let isConnected = false
  socket.once('connect', () => {
    isConnected = true
  })
  const { text } = await exchange(socket, 'connect')
  return { status: statusIn(text), isConnected }
}

/** What is served over TLS. `status` is null if no answer came: a handshake alone proves nothing under TLS 1.3. */
export async function askTls(port, options = {}) {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    rejectUnauthorized: false,
    ...options,
  })
  let facts = {}
  socket.once('secureConnect', () => {
    facts = {
      fingerprint256: socket.getPeerX509Certificate()?.fingerprint256,
      version: socket.getProtocol(),
      alpn: socket.alpnProtocol || null,
    }
  })
  const { text } = await exchange(socket, 'secureConnect')
  // HTTP/2 answers a request of HTTP/1.1 with its SETTINGS.
  const status = facts.alpn === 'h2' && text.length > 0 ? 200 : statusIn(text)
  return { status, ...facts }
}

function exchange(socket, event) {
  const { promise, resolve } = Promise.withResolvers()
  let text = ''
  const end = () => {
    socket.destroy()
    resolve({ text })
  }
  socket.setTimeout(answerMs, end)
  socket.once(event, () =>
    socket.write(socket.alpnProtocol === 'h2' ? 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' : request),
  )
  socket.setEncoding('latin1')
  socket.on('data', (more) => {
    text += more
    if (text.length > 12) end()
  })
  socket.once('error', end)
  socket.once('close', end)
  return promise
}

function statusIn(text) {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? []
  return status === undefined ? null : Number(status)
}
