import http2 from 'node:http2'

const answerMs = 30_000

/** A client that keeps its connection until the server sends GOAWAY, and then opens another one. */
export function http2Client(url) {
  let session = null
  let asked = 0
  const open = () => {
    session = http2.connect(url, { rejectUnauthorized: false })
    asked = 0
    const mine = session
    const forget = () => {
      if (session === mine) session = null
    }
    for (const event of ['goaway', 'close', 'error']) session.on(event, forget)
    // Closed once its last answer has come.
    session.on('goaway', () => mine.close())
    return session
  }
  return {
    async ask() {
      const used = session ?? open()
      asked += 1
      const outcome = await ask(used, { isFirst: asked === 1 })
      // A stream may be reported as refused before the GOAWAY that refused it is. The next request goes to another connection.
      if (outcome.mayRetry && session === used) session = null
      return outcome
    },
    close: () => session?.close(),
  }
}

/**
 * One request. It may be sent again when the server has refused it unread (RFC 9113 section 8.7), or when a connection that had been
 * used before was closed without a byte of the answer (RFC 9110 section 9.2.2).
 */
function ask(session, { isFirst }) {
  const { promise, resolve } = Promise.withResolvers()
  const stream = session.request({ ':path': '/' })
  let status = null
  let body = ''
  let failure = null
  stream.setTimeout(answerMs, () => stream.close(http2.constants.NGHTTP2_CANCEL))
  stream.on('response', (headers) => {
    status = headers[':status']
  })
  stream.setEncoding('utf8').on('data', (text) => {
    body += text
  })
  stream.on('error', (error) => {
    failure = error.message
  })
  stream.once('close', () => {
    const isWhole = status === 200 && /^\{"pid":\d+\}$/.test(body)
    const isRefused = stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM
    if (isWhole) resolve({ failure: null, mayRetry: false })
    else
      resolve({
        failure: failure ?? `status ${status}, reset ${stream.rstCode}`,
        mayRetry: status === null && (isRefused || !isFirst),
      })
  })
  return promise
}
