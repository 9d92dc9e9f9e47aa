import assert from 'node:assert/strict'
import { type BytesExchange, type BytesServer, exchangeBytes } from '../../../clients/http/exchange-bytes.ts'
import { record } from '../../../clients/recorder.ts'
import { MarkedRecords, mark } from '../marked-requests.ts'
import { mustBeUnambiguous, type RecordedRequest } from '../recorded-requests.ts'
import { type AmbiguousRequest, get, type SeenRequest, seenBy } from './ambiguous-request.ts'

/**
 * Sends each request on a connection of its own and compares what came of it, and what the app has recorded, with what is right. Everything that is
 * wrong is in one assertion.
 */
export async function judgeRequests({
  server,
  requests,
  recorded,
}: {
  server: BytesServer
  requests: readonly AmbiguousRequest[]
  /** Returns what the app has recorded since the last call. */
  recorded: () => readonly RecordedRequest[] | Promise<readonly RecordedRequest[]>
}): Promise<void> {
  const records = new MarkedRecords()
  const exchanges: BytesExchange[] = []
  const send = async (request: AmbiguousRequest): Promise<BytesExchange> => {
    const current = exchanges.length
    const exchange = await exchangeBytes(server, {
      bytes: mark(request.bytes, current),
      answers: seenBy(request).length,
      after: mark('/after', current),
    })
    exchanges.push(exchange)
    records.add(await recorded(), { current })
    return exchange
  }
  for (const request of requests) {
    const exchange = await send(request)
    const status = exchange.statuses[0] ?? null
    record(request.name, {
      client: 'raw',
      outcome: status === null ? (exchange.closed ? 'refused' : 'silent') : 'served',
      status,
      headers: {},
      body: '',
      tls: null,
      reason: exchange.closed ? 'the connection was closed' : 'the connection stayed open',
      alert: null,
    })
  }
  // Whatever the app still records of the last request is there when it has answered another one.
  await send(plainRequest)
  const own = `${server.host}:${server.port}`
  const wrong = requests.flatMap((request, index) => {
    const exchange = exchanges[index] as BytesExchange
    // A proxy may name the server for a client that names no host: RFC 9112 section 3.3.
    const seen = records.of(index).map((one) => (one.host === own ? { ...one, host: '' } : one))
    try {
      judgeRequest(request, { exchange, seen })
      return []
    } catch (error) {
      const facts = JSON.stringify({
        statuses: exchange.statuses,
        closed: exchange.closed,
        seen: seen.map(brief),
      })
      return `${request.name} (${request.source}): ${(error as Error).message}; ${facts}`
    }
  })
  assert.ok(wrong.length === 0, wrong.join('\n'))
}

const plainRequest: AmbiguousRequest = {
  name: 'a plain request',
  bytes: get(['Host: localhost']),
  right: 'served',
  source: 'RFC 9112 section 3',
}

function judgeRequest(
  request: AmbiguousRequest,
  { exchange: { statuses, closed }, seen }: { exchange: BytesExchange; seen: readonly RecordedRequest[] },
): void {
  for (const one of seen) mustBeUnambiguous(one)
  assert.ok(closed, 'the connection stayed open')
  const complete = seen.filter(({ event }) => event === 'complete')
  const [first] = statuses
  const isRefused = request.right !== 'served' && (first === undefined || first >= 400)
  if (isRefused) {
    // What is wrong with a body shows only behind its head.
    const mustSeeNone = request.right === 'refused' ? seen : complete
    assert.ok(mustSeeNone.length === 0, 'the app saw a refused request')
    assert.ok(statuses.length <= 1, 'a refusal was followed by another answer')
    return
  }
  assert.ok(request.right === 'served' || request.right === 'either', 'it was served')
  const expected = seenBy(request).map(inWords)
  const asSeen = complete.map(inWords)
  // A server that closes after its answer has not read the last one.
  const all = asSeen.length > expected.length ? [...expected, inWords(lastOne)] : expected
  const due = request.mayClose ? all.slice(0, Math.max(1, asSeen.length)) : all
  // Requests that are pipelined may be complete in another order.
  assert.deepEqual(asSeen.sort(), due.sort(), `the app saw ${asSeen.join(', ')}`)
  assert.ok(
    statuses.slice(0, due.length).every((status) => status < 400),
    'an answer came before one that was due',
  )
}

/** See `exchangeBytes()`. */
const lastOne: SeenRequest = { method: 'GET', target: '/after', host: 'localhost', body: '' }

/** A server that passes a request on may send the absolute form of a target, or its path alone: RFC 9112 section 3.2.1. */
function inWords({ method, target, host, body = '' }: Omit<SeenRequest, 'body'> & { body?: string }): string {
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/'
  return JSON.stringify([method, path, host, body])
}

function brief({ event, method, target, body }: RecordedRequest): string {
  return `${event} ${method} ${target.slice(0, 60)} ${(body ?? '').slice(0, 60)}`
}
