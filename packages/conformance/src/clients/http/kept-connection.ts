import https from 'node:https'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import type { Request } from './node-client.ts'

/** One TLS connection that is kept for several requests. */
export interface KeptConnection extends Disposable {
  /** Rejects when the connection is not the one from before. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>
  /** SHA-256 of the leaf that it met. */
  readonly fingerprint256: string
}

export async function openKept({
  host,
  port,
  tls = {},
  deadlineMs = 5_000,
}: Request): Promise<KeptConnection> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, ...tls })
  let first: TLSSocket | undefined
  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const exchange = https.get({ host, port, path, agent, signal: AbortSignal.timeout(deadlineMs) })
    const answered = Promise.withResolvers<{ status: number; body: string }>()
    exchange.once('error', answered.reject).once('response', (response) => {
      const socket = response.socket as TLSSocket
      first ??= socket
      if (socket !== first) answered.reject(new Error('the connection was not kept'))
      else
        text(response).then(
          (body) => answered.resolve({ status: response.statusCode ?? 0, body }),
          answered.reject,
        )
    })
    return answered.promise
  }
  await get('/')
  const fingerprint256 = first?.getPeerX509Certificate()?.fingerprint256 ?? ''
  return { get, fingerprint256, [Symbol.dispose]: () => agent.destroy() }
}
