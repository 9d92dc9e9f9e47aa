import { once } from 'node:events'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Random, randomFrom } from '../../../packages/core/test/cluster/channel-fuzz/random.ts'
import { oddHttp1 } from './odd-http1.ts'
import { oddHttp2, preface } from './odd-http2.ts'

const atOnce = 24
/** Few for HTTP/1, because requests after an unanswered one have no effect. */
const requestsPerConnection = { http1: 3, http2: 30 }
/** Time limit for the answers of one connection, because the app never sends some. */
const answerMs = 60

export interface Target {
  readonly port: number
  readonly isSecured: boolean
}

/** Sends this many odd requests over HTTP/1 and, with TLS, alternately over HTTP/2. Returns how many it has sent, and what came back. */
export async function fuzzRequests(
  target: Target,
  { seed, count }: { seed: number; count: number },
): Promise<{ sent: number; answers: Record<string, number> }> {
  const answers: Record<string, number> = {}
  let sent = 0
  let next = 0
  const work = async (): Promise<void> => {
    while (sent < count) {
      const random = randomFrom(seed + next)
      next += 1
      const overHttp2 = target.isSecured && random.chance(0.5)
      const most = overHttp2 ? requestsPerConnection.http2 : requestsPerConnection.http1
      const requests = Array.from({ length: 1 + random.below(most) }, (_, index) =>
        overHttp2 ? oddHttp2(random, 2 * index + 1) : oddHttp1(random),
      )
      sent += requests.length
      const text = await talk(target, { overHttp2, random, requests }).catch(() => '')
      for (const [, status = ''] of overHttp2 ? [] : text.matchAll(/HTTP\/1\.1 (\d{3})/g))
        answers[status] = (answers[status] ?? 0) + 1
      if (overHttp2) answers['h2'] = (answers['h2'] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { sent, answers }
}

async function talk(
  target: Target,
  { overHttp2, random, requests }: { overHttp2: boolean; random: Random; requests: readonly Buffer[] },
): Promise<string> {
  const socket = open(target, overHttp2 ? 'h2' : 'http/1.1')
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    if (text.length < 100_000) text += bytes.toString('latin1')
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([once(socket, target.isSecured ? 'secureConnect' : 'connect'), closed])
  if (overHttp2) socket.write(preface)
  for (const request of requests) {
    if (!socket.writable) break
    socket.write(request)
    if (random.chance(0.3)) await new Promise(setImmediate)
  }
  if (random.chance(0.1)) socket.destroy()
  else if (random.chance(0.3)) socket.end()
  const timer = setTimeout(() => socket.destroy(), answerMs)
  await closed
  clearTimeout(timer)
  return text
}

function open({ port, isSecured }: Target, protocol: string): Socket {
  const where = { port, host: '127.0.0.1' }
  return isSecured
    ? connectTls({ ...where, rejectUnauthorized: false, ALPNProtocols: [protocol] })
    : connectPlain(where)
}
