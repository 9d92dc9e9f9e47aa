// Requests over HTTP/1.1 and HTTP/2, in plain text and over TLS.
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'

const answerMs = 15_000

/**
 * One request on a new connection. Resolves with `{ status, text, arrivals }`, where `arrivals` are the times in milliseconds at which parts of the
 * body came. Rejects if the connection ends before the answer does.
 */
export function ask(url, { version = '1.1', ...request } = {}) {
  return version === '2' ? askHttp2(url, request) : askHttp1(url, request)
}

function askHttp1(url, { method = 'GET', headers = {}, body, ca, onStart }) {
  const { request: send } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const options = { method, headers: withLength(headers, body), agent: false, ca }
    const request = send(url, { ...options, signal: AbortSignal.timeout(answerMs) }, (response) => {
      const body = collect(response)
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, ...body() }),
      )
    })
    request.once('error', reject)
    request.end(body, onStart)
  })
}

function askHttp2(url, { method = 'GET', headers = {}, body, ca }) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url.origin, { ca })
    session.once('error', reject)
    const path = { ':method': method, ':path': url.pathname + url.search }
    const stream = session.request({ ...path, ...withLength(headers, body) })
    const timer = setTimeout(() => stream.destroy(new Error(`no answer in ${answerMs} ms`)), answerMs)
    let seen = {}
    stream.once('response', (head) => {
      seen = head
    })
    const parts = collect(stream)
    stream.once('error', reject)
    stream.once('close', () => {
      clearTimeout(timer)
      session.close()
      if (stream.rstCode === 0) resolve({ status: seen[':status'], headers: seen, ...parts() })
      else reject(new Error(`the stream was reset with code ${stream.rstCode}`))
    })
    stream.end(body)
  })
}

function withLength(headers, body) {
  return body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) }
}

function collect(stream) {
  let text = ''
  const arrivals = []
  stream.setEncoding('utf8').on('data', (chunk) => {
    arrivals.push(performance.now())
    text += chunk
  })
  return () => ({ text, arrivals })
}
