// An upstream that records what it gets. It is as strict as RFC 9112 allows: what two servers could read in different ways, it reports as a fault.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import {
  mustBeUnambiguous,
  type RecordedRequest,
} from '../../packages/conformance/src/cases/hardening/recorded-requests.ts'

export interface RecordingUpstream extends AsyncDisposable {
  readonly host: '127.0.0.1'
  readonly port: number
  /** What came since the last call. */
  recorded(): RecordedRequest[]
  /** What was not exactly one request after the other. */
  readonly faults: string[]
}

export async function recordingUpstream(): Promise<RecordingUpstream> {
  const records: RecordedRequest[] = []
  const faults: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    let text = ''
    const open: OpenRequest = { isRecorded: false }
    socket.setEncoding('latin1').on('data', (bytes) => {
      text += String(bytes)
      try {
        for (
          let taken = takeRequest(text, { records, open });
          taken > 0;
          taken = takeRequest(text, { records, open })
        ) {
          text = text.slice(taken)
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nseen\n')
        }
      } catch (error) {
        faults.push(`${(error as Error).message}: ${JSON.stringify(text.slice(0, 400))}`)
        socket.destroy()
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    recorded: () => records.splice(0),
    faults,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The request of a connection that is not complete. */
interface OpenRequest {
  /** As begun. */
  isRecorded: boolean
}

/** Records a request when all of it is there. Returns how long it is, 0 if more has to come. Throws on anything that is not one clear request. */
function takeRequest(
  text: string,
  { records, open }: { records: RecordedRequest[]; open: OpenRequest },
): number {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) {
    if (/(?<!\r)\n|\r(?!\n|$)/.test(text)) throw new Error('a bare CR or LF in a head')
    return 0
  }
  const head = readHead(text.slice(0, end))
  if (!open.isRecorded) records.push({ ...head, event: 'begun' })
  open.isRecorded = true
  const body = readBody(text.slice(end + 4), head)
  if (!body) return 0
  open.isRecorded = false
  records.push({ ...head, event: 'complete', body: body.text, trailers: body.trailers })
  return end + 4 + body.length
}

function readHead(text: string): Omit<RecordedRequest, 'event'> {
  const [line = '', ...lines] = text.split('\r\n')
  const [, method = '', target = '', version = ''] = /^(\S+) (\S+) HTTP\/(1\.1)$/.exec(line) ?? []
  if (version === '') throw new Error('a request line that is not one')
  const fields = fieldsOf(lines)
  const hosts = valuesOf(fields, 'host')
  if (hosts.length !== 1) throw new Error(`${hosts.length} hosts`)
  const head = { method, target, version, host: hosts[0] ?? '', fields }
  mustBeUnambiguous({ ...head, event: 'begun' })
  return head
}

function fieldsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, name, value] = /^([^:\s]+): ?([^\r\n]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`not a field: ${JSON.stringify(line)}`)
    if (name.includes('_')) throw new Error(`a name that WSGI takes for another one: ${name}`)
    return [name, value]
  })
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === name)
}

interface Body {
  readonly text: string
  readonly trailers: string[]
  /** With its framing. */
  readonly length: number
}

function readBody(text: string, { fields }: { readonly fields: readonly string[] }): Body | null {
  const [coding] = valuesOf(fields, 'transfer-encoding')
  if (coding !== undefined) {
    if (coding !== 'chunked') throw new Error(`the transfer coding ${coding}`)
    return readChunks(text)
  }
  const [given = '0'] = valuesOf(fields, 'content-length')
  if (!/^(?:0|[1-9]\d*)$/.test(given)) throw new Error(`the length ${given}`)
  const length = Number(given)
  return text.length < length ? null : { text: text.slice(0, length), trailers: [], length }
}

/** RFC 9110 section 6.5.1. */
const forbiddenTrailers = ['content-length', 'transfer-encoding', 'host', 'authorization', 'content-type']

function readChunks(text: string): Body | null {
  let body = ''
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const digits = text.slice(at, lineEnd)
    if (!/^(?:0|[1-9a-f][\da-f]*)$/i.test(digits)) throw new Error(`the chunk size ${JSON.stringify(digits)}`)
    const size = Number.parseInt(digits, 16)
    at = lineEnd + 2
    if (size === 0) {
      const rest = text.slice(at)
      const end = rest.startsWith('\r\n') ? 0 : rest.indexOf('\r\n\r\n')
      if (end < 0) return null
      const trailers = end === 0 ? [] : fieldsOf(rest.slice(0, end).split('\r\n'))
      for (const name of forbiddenTrailers)
        if (valuesOf(trailers, name).length > 0) throw new Error(`${name} as a trailer`)
      return { text: body, trailers, length: at + end + (end === 0 ? 2 : 4) }
    }
    if (text.length < at + size + 2) return null
    if (text.slice(at + size, at + size + 2) !== '\r\n') throw new Error('a chunk that does not end')
    body += text.slice(at, at + size)
    at += size + 2
  }
}
