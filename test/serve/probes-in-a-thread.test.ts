import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { tlsExchange } from '../support/tls-client.ts'

const app = ['run', 'apps/client-sockets.mjs', '--port', '0', '--backend', 'single'] as const

const opened = async ({ port }: Started): Promise<number> => Number((await tlsExchange(port)).body)

it('over TLS, the checks of a launch and of a reload open no connection in the thread that serves', async () => {
  const { cert, key } = await pairFiles()
  await using server = await startLockstep([...app, '--tls-cert', cert, '--tls-key', key])
  expect(server.stdout()).toMatch(/Verified: +on the wire, 12 checks/)
  expect(await opened(server)).toBe(0)
  await pairFiles({}, dirname(cert))
  await server.waitFor('reloaded and in use')
  expect(await opened(server)).toBe(0)
})

it('over plain HTTP, they are made without a thread', async () => {
  await using server = await startLockstep(app)
  expect(Number((await exchange(server.url)).body)).toBeGreaterThan(0)
})

it('where Node allows no threads, they are made beside the app', async () => {
  const { cert, key } = await pairFiles()
  const allowed = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-child-process']
  await using server = await startLockstep([...app, '--tls-cert', cert, '--tls-key', key], {
    env: { NODE_OPTIONS: allowed.join(' ') },
  })
  expect(server.stdout()).toMatch(/Verified: +on the wire, 12 checks/)
  expect(await opened(server)).toBeGreaterThan(0)
})
