import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createNetServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { SiblingRouter } from '../../src/backends/cluster/siblings/sibling-router.ts'
import { welcome } from '../../src/front/upstream/upstream-connection.ts'
import type { Logger } from '../../src/log/logger.ts'
import type { LaunchPlan } from '../../src/plan/launch-plan.ts'
import { workerCookieName } from '../../src/sticky/worker-cookie.ts'

afterEach(() => vi.useRealTimers())

it('limits the time that a sibling takes to accept a request while this worker drains', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  const plan = { sticky: 'cookie', name: 'a', app: null, addresses: [] } as unknown as LaunchPlan
  const path = join(temporaryFolder(), 's')
  let hangs = false
  let greetings = 0
  const sibling = createNetServer((socket) => {
    let isWelcome = false
    socket.on('error', () => undefined)
    socket.on('data', () => {
      greetings += 1
      if (hangs) return
      socket.write(isWelcome ? 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsibling' : Uint8Array.of(welcome))
      isWelcome = true
    })
  }).listen(path)
  await once(sibling, 'listening')

  const seat = { key: 'own', worker: 1, path: `${path}-own`, secret: 'secret' }
  const router = new SiblingRouter({ plan, seat, log: { warn: () => undefined } as unknown as Logger })
  router.set([seat, { key: 'other', worker: 2, path }])
  const server = createServer((request, response) =>
    router
      .routeOf(request)
      ?.pass(request, response, { here: () => response.end('here'), endConnection: () => undefined }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async (): Promise<string> => {
    const headers = { cookie: `${workerCookieName(plan)}=other` }
    const { port } = server.address() as AddressInfo
    const asked = httpRequest({ host: '127.0.0.1', port, agent, headers }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return text(response)
  }
  expect(await ask()).toBe('sibling')
  router.drain()
  vi.advanceTimersByTime(1_000)
  hangs = true
  const before = greetings
  const answer = ask()
  await vi.waitUntil(() => greetings > before)
  vi.advanceTimersByTime(11_000)
  expect(await answer).toBe('here')
  agent.destroy()
  server.close()
  sibling.close()
})
