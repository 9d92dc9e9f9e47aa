import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Ends connections instead of answers, by the ways that Node has for it. */
const program = `import http from 'node:http'
const ways = {
  response: (_, response) => response.destroy(),
  'response with an error': (_, response) => response.destroy(new Error('mine')),
  request: (request) => request.destroy(),
  socket: (request) => request.socket.destroy(),
  later: (_, response) => setTimeout(() => response.destroy(), 20),
  'after its head': (_, response) => { response.flushHeaders(); setTimeout(() => response.destroy(), 20) },
}
const server = http.createServer((request, response) => {
  console.log('asked', request.url)
  const way = ways[decodeURIComponent(request.url.split('/')[1])]
  if (way) way(request, response)
  else response.end(String(process.pid))
})
server.on('upgrade', (request, socket) => {
  console.log('asked', request.url)
  socket.destroy()
})
export default server
`

function start(args: readonly string[]): Promise<Started> {
  const file = join(temporaryFolder(), 'app.mjs')
  writeFileSync(file, program)
  return startLockstep(['run', file, '--port', '0', ...args])
}

const sticky = ['--backend', 'cluster', '--workers', '2', '--balance', 'round-robin', '--sticky', 'cookie']

/** What a client sees, in the words of Node. */
async function seen(
  { port }: Started,
  { path, agent, headers = {} }: { path: string; agent: http.Agent; headers?: http.OutgoingHttpHeaders },
): Promise<{ outcome: string; cookie: string; body: string }> {
  const request = http.get({ host: '127.0.0.1', port, path, agent, headers })
  try {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const [cookie = ''] = response.headers['set-cookie']?.[0]?.split(';') ?? []
    const body = await text(response).catch((error: Error) => `cut: ${error.message}`)
    return { outcome: String(response.statusCode), cookie, body }
  } catch (error) {
    return { outcome: (error as Error).message, cookie: '', body: '' }
  }
}

describe.each([
  { where: 'under single', args: ['--backend', 'single'] },
  { where: 'that another worker has accepted', args: sticky },
])('a request whose connection the app ends, $where', ({ args }) => {
  it.each([
    { way: 'response', outcome: 'socket hang up' },
    { way: 'response with an error', outcome: 'socket hang up' },
    { way: 'request', outcome: 'socket hang up' },
    { way: 'socket', outcome: 'socket hang up' },
    { way: 'later', outcome: 'socket hang up' },
    { way: 'after its head', outcome: '200', body: 'cut: aborted' },
    { way: 'upgrade', outcome: 'socket hang up', headers: { connection: 'upgrade', upgrade: 'websocket' } },
  ])('$way: gets no answer, and reaches the app once', async ({ way, outcome, body = '', headers = {} }) => {
    await using server = await start(args)
    const first = await seen(server, { path: '/', agent: new http.Agent() })
    const cookie = { cookie: first.cookie }
    // Each worker accepts every second connection.
    for (let connection = 0; connection < 4; connection += 1) {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const kept = await seen(server, { path: '/', agent, headers: cookie })
      expect(kept.body).toBe(first.body)
      const path = `/${encodeURIComponent(way)}/${randomUUID()}`
      const ended = await seen(server, { path, agent, headers: { ...cookie, ...headers } })
      expect(ended).toMatchObject({ outcome, body })
      await server.waitFor(`asked ${path}`)
      expect(server.stdout().split(`asked ${path}`)).toHaveLength(2)
      agent.destroy()
    }
    if (way !== 'after its head') expect(server.stderr()).not.toContain('a worker failed on a request')
  })

  it('resets its stream over HTTP/2, and leaves the connection', async () => {
    await using server = await start([
      ...args,
      '--tls-self-signed',
      '--tls-protocols',
      'h2,http/1.1',
      '--host',
      '127.0.0.1',
    ])
    const connect = () =>
      http2.connect(server.url, { rejectUnauthorized: false }).on('error', () => undefined)
    const ask = async (client: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders) => {
      const stream = client.request(headers)
      let head: http2.IncomingHttpHeaders | null = null
      stream.on('response', (received) => {
        head = received
      })
      await new Promise((resolve) =>
        stream
          .resume()
          .on('error', () => undefined)
          .on('close', resolve),
      )
      return { head: head as http2.IncomingHttpHeaders | null, code: stream.rstCode }
    }
    const first = connect()
    const { head } = await ask(first, { ':path': '/' })
    const cookie = String(head?.['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
    first.close()
    const codes = new Set<number>()
    for (let connection = 0; connection < 4; connection += 1) {
      const client = connect()
      const ended = await ask(client, { ':path': '/response', cookie })
      expect(ended.head).toBeNull()
      codes.add(ended.code ?? -1)
      expect((await ask(client, { ':path': '/', cookie })).head).toMatchObject({ ':status': 200 })
      client.close()
    }
    expect([...codes]).toEqual([http2.constants.NGHTTP2_INTERNAL_ERROR])
  })
})
