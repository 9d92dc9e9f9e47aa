import { connect } from 'node:tls'

/** Sends one request on a new connection. Resolves with the answer, the session and whether one was resumed; rejects on any failure. */
export function oneRequest({ host, port, session, maxVersion = 'TLSv1.3', path = '/' }) {
  const { promise, resolve, reject } = Promise.withResolvers()
  let given = null
  let resumed = false
  let received = ''
  const socket = connect({ host, port, rejectUnauthorized: false, session, maxVersion })
  const timer = setTimeout(() => socket.destroy(new Error('no answer within 10 s')), 10_000)
  socket.once('secureConnect', () => {
    resumed = socket.isSessionReused()
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  })
  socket.on('session', (bytes) => {
    given = bytes
  })
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  socket.once('error', reject)
  socket.once('close', () => {
    clearTimeout(timer)
    // The hello app answers with its pid, the others with "hello".
    const answer = /"pid":(\d+)|hello$/.exec(received)
    if (answer === null) reject(new Error(`closed without an answer: ${JSON.stringify(received)}`))
    else resolve({ resumed, session: given, pid: Number(answer[1]) })
  })
  return promise
}
