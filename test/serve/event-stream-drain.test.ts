import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type LaunchHandle, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const alone = { config: false, envFile: false, environment: false } as const

function served(app: object, options: LockstepConfig = {}): Promise<LaunchHandle> {
  return launch(
    {
      app,
      port: 0,
      backend: 'single',
      timeouts: { graceful: '15s' },
      log: { level: 'silent' },
      ...options,
    },
    alone,
  )
}

const eventStream = { 'Content-Type': 'text/event-stream' }

/** Writes every 10 ms without an end. The caller stops it. */
function naive(set: (response: ServerResponse) => void): { app: object; ticks: () => number } & Disposable {
  const timers: NodeJS.Timeout[] = []
  let ticks = 0
  return {
    app: (_: IncomingMessage, response: ServerResponse) => {
      set(response)
      timers.push(
        setInterval(() => {
          ticks += 1
          response.write(`data: ${ticks}\n\n`)
        }, 10),
      )
    },
    ticks: () => ticks,
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

interface Stream {
  readonly text: () => string
  /** Whether the server has properly ended the response. */
  readonly ended: Promise<boolean>
  /** Resumes a paused response. */
  read(): void
}

async function stream(
  { url }: Pick<LaunchHandle, 'url'>,
  { method = 'GET', isPaused = false } = {},
): Promise<Stream> {
  const client = (url ?? '').startsWith('https:') ? https : http
  const agent = new client.Agent({ rejectUnauthorized: false, keepAlive: true })
  const request = client.request(url ?? '', {
    agent,
    method,
    headers: { Accept: 'text/event-stream' },
    signal: AbortSignal.timeout(10_000),
  })
  request.on('error', () => undefined).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  const read = (): void => {
    response.on('data', (piece: string) => {
      text += piece
    })
  }
  response.setEncoding('utf8')
  if (!isPaused) read()
  const closed = new Promise((resolve) => response.on('error', () => undefined).once('close', resolve))
  return { text: () => text, ended: closed.then(() => response.complete), read }
}

describe('an event stream of a server that stops', () => {
  it.each([
    [
      'headers given to writeHead()',
      (response: ServerResponse): void => void response.writeHead(200, eventStream),
    ],
    [
      'headers in an array',
      (response: ServerResponse): void => void response.writeHead(200, Object.entries(eventStream).flat()),
    ],
    [
      'a header that is set, with parameters',
      (response: ServerResponse): void =>
        void response.setHeader('content-type', 'text/event-stream; charset=utf-8'),
    ],
  ])('is ended properly over HTTP/1.1, although its app keeps writing (%s)', async (_, set) => {
    using app = naive(set)
    const handle = await served(app.app)
    const client = await stream(handle)
    await expect.poll(client.text).toContain('data: 3\n\n')
    const began = performance.now()
    await handle.stop()
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await client.ended).toBe(true)
    expect(client.text()).toMatch(/\n\n$/)
    // The app has noticed nothing, and no process has ended.
    const ticks = app.ticks()
    await expect.poll(app.ticks).toBeGreaterThan(ticks + 3)
  })

  it('is ended after the data that a slow client has not read yet', async () => {
    const bytes = 16 * 1024 * 1024
    using app = naive((response) => {
      response.writeHead(200, eventStream)
      response.write(`data: ${'x'.repeat(bytes)}\n\n`)
    })
    const handle = await served(app.app)
    const unused = connect(Number(new URL(handle.url).port), '127.0.0.1').resume()
    const client = await stream(handle, { isPaused: true })
    const stopped = handle.stop()
    await once(unused, 'close', { signal: AbortSignal.timeout(5_000) })
    // The end is queued after the rest, and the app keeps writing. That must not cause an error on its stream.
    const ticks = app.ticks()
    await expect.poll(app.ticks).toBeGreaterThan(ticks + 5)
    expect(handle.status().state).toBe('draining')
    client.read()
    await stopped
    expect(await client.ended).toBe(true)
    expect(client.text().length).toBeGreaterThan(bytes)
  })

  it('does not fail in an app that pipes it, and its source is closed', async () => {
    const folder = temporaryFolder()
    const app = join(folder, 'app.mjs')
    writeFileSync(
      app,
      `import { Readable } from 'node:stream'
      import { pipeline } from 'node:stream/promises'
      import { setTimeout as pause } from 'node:timers/promises'
      async function* endless() {
        try {
          for (;;) {
            yield 'data: x\\n\\n'
            await pause(10)
          }
        } finally {
          process.stderr.write('the source is closed\\n')
        }
      }
      export default async function app(request, response) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        await pipeline(Readable.from(endless()), response)
      }`,
    )
    await using server = await startLockstep([app, '--port', '0'])
    const client = await stream({ url: server.url })
    await expect.poll(client.text).toContain('data: x\n\n')
    server.signal('SIGTERM')
    await server.waitFor('the source is closed')
    const { code, stderr } = await server.finished()
    expect([code, await client.ended]).toEqual([0, true])
    expect(stderr).not.toContain('the app failed')
  })

  it('continues from another worker without a gap when its worker is replaced, for a real EventSource', async () => {
    const app = join(fixtures, 'apps/counts-events.js')
    await using handle = await launch({ app, port: 0, workers: 2, log: { level: 'silent' } }, alone)
    const source = new URL('/', handle.url).href
    const program = `
      const source = new EventSource(${JSON.stringify(source)})
      source.onmessage = ({ data, lastEventId }) => console.log(lastEventId, data)
      // Node's EventSource does not keep its process alive while it waits to reconnect.
      setInterval(() => undefined, 1_000)`
    const client = spawn(process.execPath, ['--experimental-eventsource', '--no-warnings', '-e', program])
    const ended = once(client, 'close')
    try {
      let text = ''
      client.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      const seen = (): string[][] =>
        text
          .split('\n')
          .slice(0, -1)
          .map((line) => line.split(' '))
      await expect.poll(() => seen().length, { timeout: 5_000 }).toBeGreaterThan(3)
      const [, pid = ''] = seen()[0] ?? []
      process.kill(Number(pid), 'SIGTERM')
      await expect
        .poll(() => new Set(seen().map(([, other]) => other)).size, { timeout: 10_000 })
        .toBeGreaterThan(1)
      const ids = seen().map(([id]) => Number(id))
      expect(ids).toEqual(ids.map((_, index) => index + 1))
    } finally {
      client.kill('SIGKILL')
      await ended
    }
  })

  it('is ended by the end of the HTTP/2 stream', async () => {
    using app = naive((response) => void response.writeHead(200, eventStream))
    const handle = await served(app.app, { tls: { selfSigned: true, protocols: 'h2' } })
    const session = http2.connect(handle.url, { rejectUnauthorized: false })
    const request = session.request({ ':path': '/' })
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    const ended = once(request, 'end', { signal: AbortSignal.timeout(10_000) })
    await expect.poll(() => text).toContain('data: 3\n\n')
    await handle.stop()
    await ended
    expect(request.rstCode).toBe(http2.constants.NGHTTP2_NO_ERROR)
    const ticks = app.ticks()
    await expect.poll(app.ticks).toBeGreaterThan(ticks + 3)
  })

  it.each(['http/1.1', 'h2'] as const)(
    'is ended for an app of the Fetch API, whose stream is cancelled (%s)',
    async (protocol) => {
      let cancelled = 0
      const app = {
        fetch: () => {
          let timer: NodeJS.Timeout | undefined
          const body = new ReadableStream({
            start(controller) {
              timer = setInterval(() => controller.enqueue(new TextEncoder().encode('data: x\n\n')), 10)
            },
            cancel() {
              clearInterval(timer)
              cancelled += 1
            },
          })
          return new Response(body, { headers: eventStream })
        },
      }
      const handle = await served(app, { tls: { selfSigned: true, protocols: protocol } })
      const session = protocol === 'h2' ? http2.connect(handle.url, { rejectUnauthorized: false }) : null
      const request = session?.request({ ':path': '/' })
      const client = request
        ? { text: textOf(request), ended: once(request, 'end').then(() => request.rstCode === 0) }
        : await stream(handle)
      await expect.poll(client.text).toContain('data: x\n\n')
      await handle.stop()
      expect(await client.ended).toBe(true)
      await expect.poll(() => cancelled).toBe(1)
    },
  )

  it('runs to its own end when it answers a method other than GET', async () => {
    const handle = await served((_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, eventStream)
      response.write('data: begun\n\n')
      handle.on('stopping', () => setTimeout(() => response.end('data: done\n\n'), 1_000))
    })
    const client = await stream(handle, { method: 'POST' })
    await expect.poll(client.text).toContain('begun')
    await handle.stop()
    expect([await client.ended, client.text()]).toEqual([true, 'data: begun\n\ndata: done\n\n'])
  })

  it('is the only long response that is ended: a download runs to its end', async () => {
    const handle = await served((_: IncomingMessage, response: ServerResponse) => {
      response.write('first half, ')
      handle.on('stopping', () => setTimeout(() => response.end('second half'), 1_000))
    })
    const client = await stream(handle)
    await expect.poll(client.text).toContain('first half')
    await handle.stop()
    expect([await client.ended, client.text()]).toEqual([true, 'first half, second half'])
  })
})

function textOf(readable: NodeJS.ReadableStream): () => string {
  let text = ''
  readable.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  return () => text
}
