import { readFileSync } from 'node:fs'

const page = readFileSync(new URL('./page.html', import.meta.url))

/** Shows which worker answers, and over what: a plain `(req, res)` app, as any of yours could be. */
export default function app(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/') return send(response, { type: 'text/html; charset=utf-8', body: page })
  if (pathname === '/facts')
    return send(response, { type: 'application/json', body: JSON.stringify(facts(request.socket)) })
  send(response, { status: 404, type: 'text/plain; charset=utf-8', body: 'There is / and /facts.\n' })
}

function facts(socket) {
  const secure = socket.encrypted === true
  return {
    worker: Number(process.env.LOCKSTEP_WORKER ?? 1),
    pid: process.pid,
    scheme: secure ? 'https' : 'http',
    tlsVersion: secure ? socket.getProtocol() : null,
    cipher: secure ? socket.getCipher().standardName : null,
    fingerprint256: secure ? (socket.getX509Certificate()?.fingerprint256 ?? null) : null,
    at: new Date().toISOString(),
  }
}

function send(response, { status = 200, type, body }) {
  // One connection for each answer: so the next one may come from another worker, and the page has something to show.
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', Connection: 'close' })
  response.end(body)
}
