import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { isMainThread, threadId } from 'node:worker_threads'

/** What distinguishes this worker from others, also as a thread. A case may copy the app: it imports no other file. */
const workerIdentity = { pid: process.pid, worker: `${process.pid}/${threadId}` }

/** How many requests to `/slow` are being worked on in this process. */
let slow = 0

/** The app that the cases talk to: each path makes something visible, or makes something happen. */
export default async function observableApp(
  request: IncomingMessage,
  response: ServerResponse,
  /** In a program behind a proxy, whose headers say what the connection of the client is. */
  { trustsProxy = false }: { trustsProxy?: boolean } = {},
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const ms = Number(searchParams.get('ms') ?? 0)
  switch (pathname) {
    case '/exchange': {
      const { httpVersion, method, url, headers } = request
      let bytes = 0
      for await (const chunk of request) bytes += (chunk as Buffer).length
      return answer(response, { httpVersion, method, url, host: headers.host, bytes })
    }
    case '/claims': {
      // What says who the client is, in each form in which Node shows it.
      const isClaim = (name: string): boolean => /^(?:x[-_]|forwarded|client)/i.test(name)
      const { headers, rawHeaders, headersDistinct } = request
      return answer(response, {
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => isClaim(name))),
        raw: rawHeaders
          .filter((name, index) => index % 2 === 0 && isClaim(name))
          .map((name) => name.toLowerCase()),
        distinct: Object.keys(headersDistinct).filter(isClaim),
      })
    }
    case '/peer': {
      const { remoteAddress, remotePort } = request.socket
      return answer(response, { address: remoteAddress, port: remotePort })
    }
    case '/pid':
      return answer(response, workerIdentity)
    case '/process':
      return answer(response, {
        uid: process.getuid?.() ?? null,
        gid: process.getgid?.() ?? null,
        groups: process.getgroups?.() ?? [],
        folder: process.cwd(),
        umask: process.umask(),
      })
    case '/arguments':
      return answer(response, { words: process.argv.slice(1) })
    case '/tls': {
      if (trustsProxy)
        return answer(response, {
          encrypted: request.headers['x-forwarded-proto'] === 'https',
          authorized: request.headers['client-cert'] !== undefined,
        })
      const { encrypted = false, authorized = false } = request.socket as Partial<TLSSocket>
      return answer(response, { encrypted, authorized })
    }
    case '/slow':
      slow += 1
      await pause(ms).finally(() => {
        slow -= 1
      })
      return answer(response, { waitedMs: ms })
    case '/block':
      // The client knows from the head of the answer that it has begun.
      response.flushHeaders()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      return answer(response, { blockedMs: ms })
    case '/crash':
      // An exception ends a thread alone, and the signal a process.
      response.once('close', () => {
        if (isMainThread) process.kill(process.pid, 'SIGKILL')
        else throw new Error('this thread crashes on purpose')
      })
      response.setHeader('Connection', 'close')
      return answer(response, workerIdentity)
    case '/in-flight':
      return answer(response, { slow })
    case '/large':
      // More than the buffers of both systems together take.
      return void response.end(Buffer.alloc(24 * 2 ** 20))
    case '/large-in-pieces':
      // Windows takes a single write of any size.
      response.setHeader('Content-Length', 24 * 2 ** 20)
      return void Readable.from(new Array(24).fill(Buffer.alloc(2 ** 20))).pipe(response)
    case '/body': {
      let bytes = 0
      for await (const chunk of request) bytes += (chunk as Buffer).length
      return answer(response, { bytes })
    }
    default:
      return answer(response, { app: 'observable', path: pathname })
  }
}

function answer(response: ServerResponse, facts: object): void {
  if (!response.headersSent) response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(facts))
}
