import type { X509Certificate } from 'node:crypto'
import type http from 'node:http'
import type { Socket } from 'node:net'
import { factsGiven } from '../../app/request/client-facts.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import { createHttpServer } from '../create-http-server.ts'
import { refuseRequest } from '../request/refuse-request.ts'
import { redirectAnswer } from './redirect-answer.ts'

/** Sends people from plain HTTP to HTTPS. It has no app, and only sends redirects and refusals. */
export interface RedirectServer {
  readonly server: http.Server
  accept(socket: Socket, to: { readonly httpsPort: number }): void
  /** Other certificates are served from now on. */
  useCertificates(tls: PlannedTls): void
}

export function createRedirectServer({
  plan,
  onRequest,
}: {
  plan: LaunchPlan
  /** Sees each exchange before it is answered. */
  onRequest: (request: http.IncomingMessage, response: http.ServerResponse) => void
}): RedirectServer {
  const server = createHttpServer(plan)
  const ports = new WeakMap<Socket, number>()
  let certificates = plan.tls ? leavesOf(plan.tls) : []
  const redirect = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    onRequest(request, response)
    const { url: target = '', rawHeaders, socket } = request
    const hosts = rawHeaders.filter(
      (_, index) => rawHeaders[index - 1]?.toLowerCase() === 'host' && index % 2 === 1,
    )
    const forwarded = factsGiven(request)
    const answer = redirectAnswer(
      { target, hosts, forwarded },
      { certificates, httpsPort: ports.get(socket) ?? 443 },
    )
    response.setHeader('Connection', 'close')
    if (answer.status === 308) {
      response.writeHead(308, { Location: answer.location, 'Content-Length': 0 })
      response.end()
    } else refuseRequest(response, { status: answer.status })
  }
  server.on('request', redirect)
  // It is sent on whatever it expects; the answer of Node would be in no access log.
  server.on('checkExpectation', redirect)
  return {
    server,
    accept(socket, { httpsPort }) {
      ports.set(socket, httpsPort)
      server.emit('connection', socket)
    },
    useCertificates(tls) {
      certificates = leavesOf(tls)
    },
  }
}

/** Of the default host and of every other one. Of a chain, the leaf comes first, and it is what is parsed. */
function leavesOf({ chains, sni }: PlannedTls): X509Certificate[] {
  return [...chains, ...sni.flatMap((host) => host.chains)].map(
    ({ cert }) => new (nodeCrypto().X509Certificate)(cert),
  )
}
