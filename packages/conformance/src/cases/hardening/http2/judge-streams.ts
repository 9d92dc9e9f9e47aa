import assert from 'node:assert/strict'
import { openBareHttp2 } from '../../../clients/http/bare-http2.ts'
import { fieldBlock, flags, frame, frameTypes } from '../../../clients/http/http2-frames.ts'
import { record } from '../../../clients/recorder.ts'
import { MarkedRecords, mark } from '../marked-requests.ts'
import { mustBeUnambiguous, type RecordedRequest } from '../recorded-requests.ts'
import { head, type OddStream } from './odd-stream.ts'

/** What came of a stream, and of the connection that it had for itself. */
interface StreamOutcome {
  readonly status: number | null
  readonly reset: number | null
  readonly goaway: number | null
  readonly closed: boolean
}

/** As `judgeRequests()` does over HTTP/1.1. */
export async function judgeStreams({
  server,
  streams,
  recorded,
}: {
  server: { readonly host: string; readonly port: number }
  streams: readonly OddStream[]
  recorded: () => readonly RecordedRequest[] | Promise<readonly RecordedRequest[]>
}): Promise<void> {
  const records = new MarkedRecords()
  const outcomes: StreamOutcome[] = []
  const sendMarked = async (
    stream: Pick<OddStream, 'fields' | 'body' | 'trailers'>,
  ): Promise<StreamOutcome> => {
    const current = outcomes.length
    const outcome = await send(server, {
      ...stream,
      fields: stream.fields.map(([name, value]) => [name, mark(value, current)] as const),
    })
    outcomes.push(outcome)
    records.add(await recorded(), { current })
    return outcome
  }
  for (const stream of streams) {
    const outcome = await sendMarked(stream)
    const { status } = outcome
    record(stream.name, {
      client: 'raw',
      outcome: status === null ? 'refused' : 'served',
      status,
      headers: {},
      body: '',
      tls: null,
      reason: reasonOf(outcome),
      alert: null,
    })
  }
  // Whatever the app still records of the last stream is there when it has answered another one.
  await sendMarked({ fields: head({}) })
  const wrong = streams.flatMap((stream, index) => {
    const outcome = outcomes[index] as StreamOutcome
    const seen = records.of(index)
    try {
      judgeStream(stream, { outcome, seen })
      return []
    } catch (error) {
      return `${stream.name} (${stream.source}): ${(error as Error).message}; ${JSON.stringify({ ...outcome, seen })}`
    }
  })
  assert.ok(wrong.length === 0, wrong.join('\n'))
}

async function send(
  server: { readonly host: string; readonly port: number },
  { fields, body, trailers }: Pick<OddStream, 'fields' | 'body' | 'trailers'>,
): Promise<StreamOutcome> {
  const connection = await openBareHttp2(server)
  const isLast = (last: boolean): number => (last ? flags.endStream : 0)
  const frames = [
    frame({
      type: frameTypes.headers,
      flags: flags.endHeaders | isLast(body === undefined),
      stream: 1,
      payload: fieldBlock(fields),
    }),
  ]
  if (body !== undefined)
    frames.push(
      frame({
        type: frameTypes.data,
        flags: isLast(!trailers),
        stream: 1,
        payload: Buffer.from(body, 'latin1'),
      }),
    )
  if (trailers)
    frames.push(
      frame({
        type: frameTypes.headers,
        flags: flags.endHeaders | flags.endStream,
        stream: 1,
        payload: fieldBlock(trailers),
      }),
    )
  connection.send(Buffer.concat(frames))
  const end = await connection.end(1, 15_000)
  const outcome = { ...end, goaway: connection.goaway(), closed: await connection.closedWithin(0) }
  connection.destroy()
  return outcome
}

function judgeStream(
  { right, fields, sees }: OddStream,
  {
    outcome: { status, reset, goaway, closed },
    seen,
  }: { outcome: StreamOutcome; seen: readonly RecordedRequest[] },
): void {
  for (const one of seen) mustBeUnambiguous(one)
  const complete = seen.filter(({ event }) => event === 'complete')
  assert.ok(status !== null || reset !== null || closed || (goaway ?? 0) > 0, 'nothing came of it')
  if (status === null || status >= 400) {
    assert.notEqual(right, 'served', 'it was refused')
    const mustSeeNone = right === 'refused' ? seen : complete
    // A proxy has passed it on, and its upstream has not answered as it should.
    const isOfProxy = right === 'either' && (status ?? 0) >= 502
    assert.ok(mustSeeNone.length <= (isOfProxy ? 1 : 0), 'the app saw a refused request')
    return
  }
  assert.ok(right === 'served' || right === 'either', 'it was served')
  const method = fields.find(([name]) => name === ':method')?.[1] ?? ''
  assert.deepEqual(
    complete.map((one) => ({ method: one.method, target: one.target, host: one.host, body: one.body })),
    [{ method, target: '/outer', host: 'localhost', body: '', ...sees }],
  )
}

function reasonOf({ reset, goaway, closed }: StreamOutcome): string {
  if (reset !== null) return `the stream was reset with code ${reset}`
  if (goaway !== null) return `the connection ended with code ${goaway}`
  return closed ? 'the connection was closed' : 'the stream has ended'
}
