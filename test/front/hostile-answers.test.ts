// Whatever an upstream answers, each client gets its own answer or 502, and never a part of another one.
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { askRaw, rawClient } from '../../packages/core/test/front/clients.ts'
import { type ServedFront, serveFront } from '../../packages/core/test/front/serve-front.ts'
import { rawUpstream } from '../../packages/core/test/front/upstreams.ts'
import { type HostileAnswer, hostileAnswers, poison } from './hostile-answers.ts'

const mine = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine'

/** Answers `/hostile` as given, and anything else with `mine`. */
function hostileUpstream({
  bytes,
  late,
  closes,
}: Omit<HostileAnswer, 'name' | 'client'>): ReturnType<typeof rawUpstream> {
  return rawUpstream((socket, { head }) => {
    if (!head.includes('/hostile')) {
      socket.write(mine)
      return
    }
    socket.write(bytes, 'latin1')
    if (closes) socket.end()
    if (late !== undefined) setTimeout(() => socket.write(late, 'latin1'), 5)
  })
}

const request = (path: string, method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`

async function othersGetTheirOwn({ port }: ServedFront): Promise<void> {
  for (const waitMs of [0, 0, 20, 0]) {
    if (waitMs > 0) await pause(waitMs)
    expect(await askRaw(port, request('/innocent'))).toMatch(
      /^HTTP\/1\.1 200 (?![\s\S]*poison)[\s\S]*\r\n\r\nmine$/i,
    )
  }
}

/** Without the interim answers before it. */
function finalOf(answer: string): string {
  return answer.replaceAll(/^HTTP\/1\.1 1\d\d [\s\S]*?\r\n\r\n/gm, '')
}

/** Of a length or chunks that are not all there. */
function isIncomplete(answer: string): boolean {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2)
  const length = /^content-length: (\d+)/im.exec(head)?.[1]
  return length === undefined ? !answer.endsWith('0\r\n\r\n') : body.length < Number(length)
}

describe('an upstream answers with', () => {
  it.each(hostileAnswers)('$name', async ({ client, method, ...answer }) => {
    await using upstream = await hostileUpstream(answer)
    await using front = await serveFront({ upstreams: [upstream] })
    const got = await askRaw(front.port, request('/hostile', method))
    expect(got).not.toMatch(/X-Poison/i)
    if (client instanceof RegExp) expect(got).toMatch(client)
    else if (client === '502') expect(finalOf(got)).toMatch(/^HTTP\/1\.1 502 /)
    else expect(got.startsWith('HTTP/1.1 502 ') || isIncomplete(got), got).toBe(true)
    // Behind the answer that was in flight, nothing can tell it from the next one. Before that, the front closes the connection.
    if (answer.late !== undefined) await expect.poll(() => upstream.sockets[0]?.destroyed).toBe(true)
    await othersGetTheirOwn(front)
  })
})

describe('an upstream that sends an answer which was not asked for', () => {
  it('that the front has not read yet, does not reach the next client', async () => {
    await using upstream = await rawUpstream((socket) => {
      socket.write(mine)
      setTimeout(() => socket.write(poison), 2)
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, 'GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await client.until('mine')
    // What was not asked for is in the socket, and the front has not read it, when the next request comes.
    client.send(request('/second'))
    const until = performance.now() + 50
    while (performance.now() < until);
    const answers = await client.closed()
    expect(answers).not.toMatch(/poison/i)
    expect(answers.match(/mine/g)).toHaveLength(2)
  })

  it('as soon as it is connected, is that of the client that the connection is for', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream] })
    const asked = askRaw(front.port, request('/hostile'))
    await expect.poll(() => upstream.sockets.length).toBe(1)
    upstream.sockets[0]?.write(`${mine}${poison}`)
    expect(await asked).toMatch(/\r\n\r\nmine$/)
    const next = askRaw(front.port, request('/innocent'))
    await expect.poll(() => upstream.sockets.length).toBe(2)
    upstream.sockets[1]?.write(mine)
    expect(await next).toMatch(/\r\n\r\nmine$/)
  })
})
