import http from 'node:http'
import https from 'node:https'

/**
 * What is an answer, and how long a client waits for it. By default, an answer is counted for the process, or the thread of one, that answers.
 */
const answer = { wanted: /^\{"pid":\d+(,"thread":\d+)?\}$/, withinMs: 30_000 }

/** A client that keeps its connection for as long as the server does. */
export function keepAliveClient(url, expected = {}) {
  const { Agent } = url.startsWith('https:') ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
  return clientWith({ url, agent, ...answer, ...expected })
}

/** A client that opens a connection for each request. */
export function oneShotClient(url, expected = {}) {
  const { Agent } = url.startsWith('https:') ? https : http
  const agent = new Agent({ keepAlive: false, rejectUnauthorized: false })
  return clientWith({ url, agent, ...answer, ...expected })
}

function clientWith(settings) {
  return { ask: () => ask(settings), close: () => settings.agent.destroy() }
}

/**
 * One request. `failure` is null when it was answered, with the `body`. It may be sent again only if the connection had been kept and was closed without
 * a byte of the answer: then the server had closed it while the request was on its way (RFC 9110 section 9.2.2).
 */
function ask({ url, agent, wanted, withinMs }) {
  const { promise, resolve } = Promise.withResolvers()
  const { get } = url.startsWith('https:') ? https : http
  const request = get(url, { agent, signal: AbortSignal.timeout(withinMs) })
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
  request.once('error', ({ name, message }) =>
    fail(name === 'AbortError' || name === 'TimeoutError' ? `no answer within ${withinMs} ms` : message),
  )
  return promise
}
