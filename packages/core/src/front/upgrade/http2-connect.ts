import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import { breakOff } from '../../serve/request/break-off.ts'
import { refuseRequest } from '../../serve/request/refuse-request.ts'
import { answerFault } from '../answer-fault.ts'
import type { FrontParts } from '../front-parts.ts'
import type { ResponseHead } from '../parser/response-head.ts'
import { ProxiedUpgrade } from './proxied-upgrade.ts'
import type { UpgradeClient } from './upgrade-client.ts'

/**
 * Passes on a request over HTTP/2 that asks for another protocol (RFC 8441) as an upgrade over HTTP/1.1. For a WebSocket the front does the handshake of RFC 6455
 * with the upstream, since over HTTP/2 there is none.
 */
export function proxyHttp2Connect(
  parts: FrontParts,
  { request, response, protocol }: { request: IncomingMessage; response: ServerResponse; protocol: string },
): void {
  if (!/^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/.test(protocol)) {
    refuseRequest(response, { status: 400 })
    return
  }
  const isWebSocket = protocol.toLowerCase() === 'websocket'
  const key = nodeCrypto().randomBytes(16).toString('base64')
  const handshake = isWebSocket ? `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n` : ''
  const head = parts.writeHead(request, {
    method: 'GET',
    asking: `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n${handshake}`,
    except: isWebSocket ? ['sec-websocket-key', 'sec-websocket-version'] : [],
  })
  if (typeof head === 'number' || head.body !== 'none') {
    refuseRequest(response, { status: typeof head === 'number' ? head : 400 })
    return
  }
  const judge = ({ fields, upgrade }: ResponseHead): string | null => {
    if (upgrade?.toLowerCase() !== protocol.toLowerCase()) return 'it switches to another protocol'
    if (isWebSocket && fieldOf(fields, 'sec-websocket-accept') !== acceptOf(key))
      return 'its Sec-WebSocket-Accept is wrong'
    return null
  }
  new ProxiedUpgrade(parts, {
    request,
    client: http2Client(parts, { request, response, head: head.text, judge }),
  }).start()
}

function http2Client(
  { answers }: FrontParts,
  {
    request,
    response,
    head,
    judge,
  }: {
    request: IncomingMessage
    response: ServerResponse
    head: string
    judge: UpgradeClient['judge']
  },
): UpgradeClient {
  return {
    readable: request,
    isHead: false,
    head,
    judge,
    accept({ fields }) {
      response.writeHead(200, without(fields, 'sec-websocket-accept'))
      response.flushHeaders()
    },
    answer({ status, reason, fields, contentLength }) {
      // The client would take it for an open WebSocket.
      if (status < 300) throw new Error(`it answers an upgrade with ${status}`)
      response.writeHead(status, reason, [
        ...fields,
        ...(contentLength === null ? [] : ['Content-Length', String(contentLength)]),
      ])
    },
    answerFault: (kind) => answerFault(response, answers[kind]),
    write: (bytes) => (typeof bytes === 'string' ? response.write(bytes, 'latin1') : response.write(bytes)),
    onDrain: (listener) => response.on('drain', listener),
    end: () => void response.end(),
    destroy: () => breakOff(response),
    onClose: (listener) => response.once('close', listener),
  }
}

/** RFC 6455 section 4.2.2. */
function acceptOf(key: string): string {
  return nodeCrypto().createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function fieldOf(fields: readonly string[], name: string): string | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toLowerCase() === name)
  return at < 0 ? undefined : fields[at + 1]
}

function without(fields: readonly string[], name: string): string[] {
  return fields.filter((_, index) => (fields[index - (index % 2)] as string).toLowerCase() !== name)
}
