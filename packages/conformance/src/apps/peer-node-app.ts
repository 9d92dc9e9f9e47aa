import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientCertificate } from '@lockstep/core'

/** Answers with its client's certificate, read through Node's own request. */
export default function peerNodeApp(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(clientCertificate(request)))
}
