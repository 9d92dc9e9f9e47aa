import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:tls'

const patienceMs = 250

/** Sends one request in one of several ways, and returns the result in one word: the status, or how it ended. Never fails. */
export function ask({ port }, { path, kind }) {
  return kind >= 5 ? overHttp2(port, { path, kind }) : overHttp1(port, { path, kind })
}

const heads = [
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
  (path) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello`,
  (path) => `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: any\r\n\r\n`,
  (path) => `HEAD ${path} HTTP/1.1\r\nHost: x\r\n\r\nGET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
]

function overHttp1(port, { path, kind }) {
  return new Promise((resolve) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    let received = ''
    const timer = setTimeout(() => socket.destroy(), 20 * patienceMs)
    socket.on('secureConnect', () => {
      clearTimeout(timer)
      setTimeout(() => socket.destroy(), patienceMs)
      socket.write(heads[kind](path))
    })
    socket.on('data', (data) => {
      received += data.toString('latin1', 0, 200)
      // Waits a moment for the rest of the answer.
      if (received.startsWith('HTTP/1.1 ') && !received.startsWith('HTTP/1.1 100'))
        setTimeout(() => socket.destroy(), 5)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(received === '' ? 'nothing' : (/HTTP\/1\.1 (?!100)(\d+)/.exec(received)?.[1] ?? 'odd'))
    })
  })
}

function overHttp2(port, { path, kind }) {
  return new Promise((resolve) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    let result = 'nothing'
    const end = () => {
      clearTimeout(timer)
      session.destroy()
      resolve(result)
    }
    const timer = setTimeout(end, patienceMs * 2)
    session.on('error', end)
    session.on('close', end)
    session.on('stream', (pushed) => pushed.on('error', () => undefined).resume())
    const stream = session.request({
      ':path': path,
      ':method': kind % 2 === 0 ? 'GET' : 'POST',
      ...(kind === 7 && { expect: '100-continue' }),
    })
    stream.on('error', () => undefined)
    stream.on('response', (headers) => {
      result = String(headers[':status'])
      stream.resume()
    })
    stream.on('close', end)
    stream.end(kind % 2 === 0 ? undefined : 'hello')
  })
}
