import http from 'node:http'
import https from 'node:https'

const answerMs = 30_000
/** Who answered: a process, or a thread of one. */
const someWorker = /^\{"pid":\d+(,"thread":\d+)?\}$/

/** A client that keeps its connection for as long as the server does. A body that is not the wanted one is a failure. */
export function keepAliveClient(url, wanted = someWorker) {
  const { Agent } = url.startsWith('https:') ? https : http
  return clientWith({
    url,
    wanted,
    agent: new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false }),
  })
}

/** A client that opens a connection for each request. */
export function oneShotClient(url, wanted = someWorker) {
  const { Agent } = url.startsWith('https:') ? https : http
  return clientWith({ url, wanted, agent: new Agent({ keepAlive: false, rejectUnauthorized: false }) })
}

function clientWith({ url, wanted, agent }) {
  return { ask: () => ask({ url, wanted, agent }), close: () => agent.destroy() }
}

/**
 * One request. `failure` is null when it was answered, with the `body`. It may be sent again only if the connection had been kept and was closed without
 * a byte of the answer: then the server had closed it while the request was on its way (RFC 9110 section 9.2.2).
 */
function ask({ url, wanted, agent }) {
  const { promise, resolve } = Promise.withResolvers()
  const { get } = url.startsWith('https:') ? https : http
  const request = get(url, { agent, signal: AbortSignal.timeout(answerMs) })
  let socket
  let before = 0
  const fail = (failure) => {
    const bytes = socket ? socket.bytesRead - before : 0
    resolve({ failure, mayRetry: request.reusedSocket && bytes === 0 })
  }
  request.once('socket', (used) => {
    socket = used
    before = used.bytesRead
  })
  request.once('response', (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    response.once('error', (error) => fail(error.message))
    response.once('end', () => {
      const isWhole = response.statusCode === 200 && wanted.test(body)
      if (isWhole) resolve({ failure: null, mayRetry: false, body })
      else fail(`status ${response.statusCode}, ${JSON.stringify(body)}`)
    })
  })
  request.once('error', (error) => fail(error.message))
  return promise
}
