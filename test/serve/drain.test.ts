import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type LaunchHandle, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { waitUntil } from '../support/wait-until.ts'

/** A server whose answers wait until they are released, by path. */
async function heldServer(): Promise<{ handle: LaunchHandle; asked: string[]; answer(path: string): void }> {
  const asked: string[] = []
  const held = new Map<string, ServerResponse>()
  const handle = await launch(
    {
      app: ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
        asked.push(url)
        held.set(url, response)
        if (url === '/begun') response.write('begun,')
      },
      port: 0,
      backend: 'single',
      timeouts: { graceful: '10s', keepAlive: '1m' },
      log: { level: 'silent' },
    },
    { config: false, envFile: false, environment: false },
  )
  return { handle, asked, answer: (path) => void held.get(path)?.end(`answer to ${path}\n`) }
}

interface Client {
  ask(...paths: readonly string[]): void
  received(): string
  /** The answers that came complete, each with its Connection header. */
  answers(): string[]
  readonly closed: Promise<unknown>
}

async function client(handle: LaunchHandle): Promise<Client> {
  const socket: Socket = connect(Number(new URL(handle.url).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(5_000) })
  await once(socket, 'connect')
  return {
    ask: (...paths) =>
      void socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('')),
    received: () => received,
    answers: () =>
      received
        .split(/(?=HTTP\/1\.1 200)/)
        .map((text) => `${/answer to (\S+)/.exec(text)?.[1]} ${/^connection: (\S+)/im.exec(text)?.[1]}`),
    closed,
  }
}

describe('a server that stops', () => {
  it('sends Connection: close in a pending answer, and then ends the connection', async () => {
    const { handle, asked, answer } = await heldServer()
    const one = await client(handle)
    one.ask('/a')
    await waitUntil(() => asked.length === 1, { what: 'the request' })
    const stopped = handle.stop()
    answer('/a')
    await one.closed
    await stopped
    expect(one.answers()).toEqual(['/a close'])
  })

  it.each([
    { when: 'before it stops', late: false },
    { when: 'while it stops', late: true },
  ])('sends it in the last answer to requests that were pipelined $when', async ({ late }) => {
    const { handle, asked, answer } = await heldServer()
    const one = await client(handle)
    one.ask('/a', ...(late ? [] : ['/b']))
    await waitUntil(() => asked.length === (late ? 1 : 2), { what: 'the requests' })
    const stopped = handle.stop()
    if (late) one.ask('/b')
    await waitUntil(() => asked.length === 2, { what: 'the second request' })
    answer('/a')
    await waitUntil(() => one.answers().length === 1 && one.received() !== '', { what: 'the first answer' })
    answer('/b')
    await one.closed
    await stopped
    expect(one.answers()).toEqual(['/a keep-alive', '/b close'])
  })

  it('loses no pipelined answer when the last one is ready first', async () => {
    const { handle, asked, answer } = await heldServer()
    const one = await client(handle)
    one.ask('/a', '/b')
    await waitUntil(() => asked.length === 2, { what: 'the requests' })
    const stopped = handle.stop()
    answer('/b')
    one.ask('/c')
    await waitUntil(() => asked.length === 3, { what: 'one more request' })
    answer('/c')
    answer('/a')
    await one.closed
    await stopped
    expect(one.answers().map((said) => said.split(' ')[0])).toEqual(['/a', '/b', '/c'])
  })

  it('sends the whole of a finished answer to a client that reads slowly', async () => {
    const bytes = 24 * 1024 * 1024
    const handle = await launch(
      {
        app: (_: IncomingMessage, response: ServerResponse): void => void response.end(Buffer.alloc(bytes)),
        port: 0,
        backend: 'single',
        timeouts: { graceful: '10s' },
        log: { level: 'silent' },
      },
      { config: false, envFile: false, environment: false },
    )
    const slow = connect(Number(new URL(handle.url).port), '127.0.0.1')
    slow.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(slow, 'readable')
    const unused = connect(Number(new URL(handle.url).port), '127.0.0.1').resume()
    await once(unused, 'connect')
    const stopped = handle.stop()
    await once(unused, 'close', { signal: AbortSignal.timeout(5_000) })
    let received = 0
    slow.on('data', ({ length }: Buffer) => {
      received += length
    })
    await once(slow, 'close', { signal: AbortSignal.timeout(5_000) })
    await stopped
    expect(received).toBeGreaterThan(bytes)
  })

  it('answers the request after an answer that had begun, and then ends the connection', async () => {
    const { handle, asked, answer } = await heldServer()
    const [one, unused] = [await client(handle), await client(handle)]
    one.ask('/begun')
    await waitUntil(() => asked.length === 1 && one.received().includes('begun,'), { what: 'its beginning' })
    const stopped = handle.stop()
    await unused.closed
    answer('/begun')
    await waitUntil(() => one.received().includes('answer to /begun'), { what: 'its end' })
    // A request takes time to arrive, and the connection is idle meanwhile. This delay simulates that; it does not wait for anything.
    await pause(150)
    one.ask('/next')
    await waitUntil(() => asked.length === 2, { what: 'the next request' })
    answer('/next')
    await one.closed
    await stopped
    expect(one.answers()).toEqual(['/begun keep-alive', '/next close'])
  })

  it('completes an answer that has begun, and then ends its connection', async () => {
    const { handle, asked, answer } = await heldServer()
    const one = await client(handle)
    one.ask('/begun')
    await waitUntil(() => asked.length === 1 && one.received().includes('begun,'), { what: 'its beginning' })
    const stopped = handle.stop()
    answer('/begun')
    await one.closed
    await stopped
    expect(one.answers()).toEqual(['/begun keep-alive'])
  })
})
