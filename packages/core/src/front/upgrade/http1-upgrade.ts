import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerRaw } from '../../serve/request/raw-answer.ts'
import {
  isPassableProtocol,
  offeredProtocols,
  passableProtocols,
} from '../../serve/upgrade/upgrade-protocol.ts'
import type { FrontParts } from '../front-parts.ts'
import type { ResponseHead } from '../parser/response-head.ts'
import { ProxiedUpgrade } from './proxied-upgrade.ts'
import type { UpgradeClient } from './upgrade-client.ts'

/** For how long a client may take to close its connection once everything was sent to it. */
const closeMs = 1_000

/** Passes on a request over HTTP/1.1 that asks for another protocol (RFC 9110 section 7.8). */
export function proxyHttp1Upgrade(
  parts: FrontParts,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
): void {
  const asking = `Connection: Upgrade\r\nUpgrade: ${passableProtocols(request)}\r\n`
  const sent = parts.writeHead(request, { asking })
  // A body could be taken for the first bytes of the other protocol.
  if (typeof sent === 'number' || sent.body !== 'none') {
    answerRaw(socket, { status: typeof sent === 'number' ? sent : 400 })
    return
  }
  if (head.length > 0) socket.unshift(head)
  const client = http1Client(parts, { request, socket, head: sent.text })
  new ProxiedUpgrade(parts, { request, client }).start()
}

function http1Client(
  { answers, pool }: FrontParts,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: string },
): UpgradeClient {
  const { silenceMs } = pool.limits
  const write = (bytes: string | Buffer): boolean =>
    typeof bytes === 'string' ? socket.write(bytes, 'latin1') : socket.write(bytes)
  return {
    readable: socket,
    isHead: request.method === 'HEAD',
    head,
    judge: ({ upgrade }) =>
      upgrade !== null &&
      isPassableProtocol(upgrade) &&
      offeredProtocols(request).includes(upgrade.toLowerCase().split('/', 1)[0] ?? '')
        ? null
        : 'it switches to a protocol that the request did not offer',
    accept: ({ reason, fields, upgrade }) =>
      write(`HTTP/1.1 101 ${reason}\r\n${linesOf(fields)}Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`),
    answer: (response) => write(closingHead(response)),
    answerFault: (kind) => answerRaw(socket, answers[kind]),
    write,
    onDrain: (listener) => socket.on('drain', listener),
    end() {
      const destroyAfter = (ms: number) => setTimeout(() => socket.destroy(), ms)
      // A slow client still gets what was written until now.
      let late = silenceMs === 0 ? undefined : destroyAfter(silenceMs)
      socket.end(() => {
        clearTimeout(late)
        late = destroyAfter(closeMs)
      })
      socket.once('close', () => clearTimeout(late))
      socket.resume()
    },
    destroy: () => socket.destroy(),
    onClose: (listener) => socket.once('close', listener),
  }
}

/** The connection has left HTTP, so that it ends with the answer. That is also where a body without a length ends. */
function closingHead({ status, reason, fields, contentLength }: ResponseHead): string {
  const length = contentLength === null || status === 204 ? '' : `Content-Length: ${contentLength}\r\n`
  return `HTTP/1.1 ${status} ${reason}\r\n${linesOf(fields)}${length}Connection: close\r\n\r\n`
}

function linesOf(fields: readonly string[]): string {
  let lines = ''
  for (let index = 0; index < fields.length; index += 2) lines += `${fields[index]}: ${fields[index + 1]}\r\n`
  return lines
}
