import { appendFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Writes each request that it sees to `requests.jsonl` in the current folder: a line when it begins, and another one when its body is complete. It
 * answers only then.
 */
export default async function recordingApp(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url, httpVersion, rawHeaders } = request
  const head = {
    method,
    target: url,
    version: httpVersion,
    host: request.headers.host ?? '',
    fields: rawHeaders,
  }
  record({ event: 'begun', ...head })
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return
  }
  const body = Buffer.concat(chunks).toString('latin1')
  record({ event: 'complete', ...head, body, fields: request.rawHeaders, trailers: request.rawTrailers })
  response.end('seen\n')
}

function record(line: object): void {
  appendFileSync('requests.jsonl', `${JSON.stringify(line)}\n`)
}
