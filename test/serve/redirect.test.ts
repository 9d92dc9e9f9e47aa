import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange, header } from '../support/exchange.ts'
import { failedLaunch, freePort, holdPort } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello, '--tls-self-signed']

describe.each([
  { backend: 'single', workers: ['--workers', '1'] },
  { backend: 'cluster', workers: ['--workers', '2'] },
])('a redirect under $backend', ({ workers }) => {
  it('to a port that is in use is refused, and nothing is left bound', async () => {
    await using holder = await holdPort()
    await failedLaunch([...run, ...workers, '--tls-redirect', `127.0.0.1:${holder.port}`], {
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      says: [`127.0.0.1:${holder.port} is in use`, 'Set by --tls-redirect.'],
    })
  })

  it('is shown in the banner, shares the access log with the app, and is released at the end', async () => {
    await using server = await startLockstep([
      ...run,
      ...workers,
      '--port',
      '0',
      '--tls-redirect',
      '127.0.0.1:0',
      '--access-log',
      '-',
    ])
    const [place = ''] = /http:\/\/127\.0\.0\.1:\d+\/(?= → HTTPS)/.exec(server.stdout()) ?? []
    const answer = await exchange(place, { path: '/somewhere', headers: { Host: 'localhost' } })
    expect([answer.status, header(answer, 'Location')]).toEqual([
      308,
      `https://localhost:${server.port}/somewhere`,
    ])
    await server.waitFor('"GET /somewhere HTTP/1.1" 308')
    server.signal('SIGTERM')
    expect((await server.finished()).code).toBe(0)
    await using holder = await holdPort(Number(new URL(place).port))
    expect(holder.port).toBeGreaterThan(0)
  })
})

describe('an impossible redirect is refused:', () => {
  it('without TLS', async () => {
    await failedLaunch(['run', hello, '--tls-redirect', '127.0.0.1:0'], {
      code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
      says: ['--tls-redirect is set, but there is no certificate'],
    })
  })

  it('on the address of the app itself', async () => {
    const port = await freePort()
    await failedLaunch([...run, '--bind', `127.0.0.1:${port}`, '--tls-redirect', `127.0.0.1:${port}`], {
      ports: [port],
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [`The address 127.0.0.1:${port} is given twice, once by --tls-redirect.`],
    })
  })

  it('if there is no port to redirect clients to', async () => {
    const socket = join(temporaryFolder(), 'app.sock')
    await failedLaunch([...run, '--bind', `unix:${socket}`, '--tls-redirect', '127.0.0.1:0'], {
      ports: [],
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['--tls-redirect has no port to send clients to: only UNIX domain sockets are bound.'],
    })
  })

  it('if only its port is set', async () => {
    await failedLaunch([...run, '--tls-redirect-port', '443'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['--tls-redirect-port would have no effect: nothing is redirected.', 'Set --tls-redirect'],
    })
  })
})

it('leads to the public port, also if only UNIX domain sockets are bound', async () => {
  const { cert, key } = await pairFiles()
  await using handle = await launch(
    {
      app: hello,
      bind: `unix:${join(temporaryFolder(), 'app.sock')}`,
      log: { level: 'silent' },
      tls: { cert, key, redirect: '127.0.0.1:0', redirectPort: 443 },
    },
    { config: false, envFile: false, environment: false },
  )
  const [redirect] = handle.redirects
  const answer = await exchange(`http://127.0.0.1:${redirect?.kind === 'tcp' ? redirect.port : 0}/`, {
    path: '/somewhere',
    headers: { Host: 'localhost' },
  })
  expect([answer.status, header(answer, 'Location')]).toEqual([308, 'https://localhost/somewhere'])
})

it('reports its real address in the API, and accepts IPv6 and wildcards of the certificate', async () => {
  const { cert, key } = await pairFiles({ hosts: ['*.example.test', '::1'] })
  await using handle = await launch(
    {
      app: (_request: unknown, response: { end(): void }): void => response.end(),
      port: 0,
      workers: 1,
      log: { level: 'silent' },
      tls: { cert, key, redirect: '127.0.0.1:0' },
    },
    { config: false, envFile: false, environment: false },
  )
  const [address] = handle.redirects
  const place = address?.kind === 'tcp' ? `http://127.0.0.1:${address.port}/` : ''
  const port = new URL(handle.url).port
  const locationFor = async (host: string): Promise<unknown> => {
    const answer = await exchange(place, { path: '/', headers: { Host: host } })
    return header(answer, 'Location') ?? answer.status
  }
  expect(await locationFor('WWW.Example.test.')).toBe(`https://www.example.test:${port}/`)
  expect(await locationFor('[::1]:80')).toBe(`https://[::1]:${port}/`)
  expect(await locationFor('a.b.example.test')).toBe(421)
  expect(await locationFor('example.test')).toBe(421)
  expect(await locationFor('[::2]')).toBe(421)
})
