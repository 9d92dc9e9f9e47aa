import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'

/** One request on a connection of its own. Rejects if the certificate can't be verified by `ca`. */
export async function ask(url, { method = 'GET', ca, body, headers = {}, timeoutMs = 30_000 } = {}) {
  const request = (url.startsWith('https:') ? https : http).request(url, {
    method,
    ca,
    agent: false,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  })
  request.end(body && JSON.stringify(body))
  const [response] = await once(request, 'response')
  const fingerprint256 = response.socket.getPeerX509Certificate?.()?.fingerprint256
  // Langflow compresses some answers without being asked to.
  const plain = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response
  return {
    status: response.statusCode,
    type: response.headers['content-type'] ?? '',
    fingerprint256,
    body: await text(plain),
  }
}

/** What a port of a Langflow speaks: `TLS`, `plain HTTP`, or `nothing` yet. */
export async function protocolOf(port) {
  const answers = async (scheme) => {
    try {
      const url = `${scheme}://127.0.0.1:${port}/health`
      return (await ask(url, { timeoutMs: 5000, ...(scheme === 'https' && { ca: [] }) })).status === 200
    } catch (error) {
      // A certificate that is not trusted is one that was served.
      return /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(error.code ?? '')
    }
  }
  if (await answers('https')) return 'TLS'
  return (await answers('http')) ? 'plain HTTP' : 'nothing'
}
