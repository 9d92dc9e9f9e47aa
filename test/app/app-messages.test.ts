import { type LaunchEventOf, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { reportedCodes } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/messages.js'
const flagsOf = {
  single: ['--backend', 'single'],
  cluster: ['--backend', 'cluster', '--balance', 'round-robin'],
} as const
const backends = ['single', 'cluster'] as const

const ask = async (url: string, path = ''): Promise<unknown> =>
  (await fetch(new URL(path, url), { headers: { connection: 'close' } })).json()

describe.each(backends)('the messages of an app under %s', (backend) => {
  it('are sent as under node:cluster, and an unsendable message fails with a reason', async () => {
    await using server = await startLockstep(['run', app, '--port', '0', ...flagsOf[backend]])
    expect(await ask(server.url, 'kin')).toEqual(['function', true, 'function', 'object'])
    expect(await ask(server.url, 'send')).toBe('sent')
    expect(await ask(server.url, 'odd')).toEqual([
      'ERR_INVALID_ARG_TYPE',
      'ERR_INVALID_ARG_TYPE',
      'ERR_OUT_OF_RANGE',
      'ERR_INVALID_HANDLE_TYPE',
    ])
  })

  it('end with process.disconnect(), and nothing else does', async () => {
    await using server = await startLockstep(['run', app, '--port', '0', ...flagsOf[backend]])
    const pid = await ask(server.url)
    expect(await ask(server.url, 'disconnect')).toEqual([false, false])
    await server.waitFor('disconnected')
    for (let count = 0; count < 5; count += 1) expect(await ask(server.url)).toBe(pid)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stdout()).not.toContain('message to the app')
  })

  it.each(['ready', 'ready later'])('make it ready with --wait-ready: %s', async (says) => {
    await using server = await startLockstep(
      ['run', app, '--wait-ready', '--port', '0', ...flagsOf[backend]],
      {
        env: { SAYS: says },
      },
    )
    expect(await ask(server.url, 'kin')).toHaveLength(4)
  })

  it('are awaited until the boot timeout with --wait-ready', async () => {
    const { code, stderr } = await runLockstep(
      ['run', app, '--wait-ready', '--boot-timeout', '1s', '--port', '0', ...flagsOf[backend]],
      { env: { SAYS: 'nothing' } },
    )
    expect(code).toBe(3)
    expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_BOOT_TIMEOUT'])
    expect(stderr).toContain("did not call process.send('ready') within 1 s")
  })

  it('tell the app to end with --shutdown-with-message, instead of a signal', async () => {
    for (const flags of [[], ['--shutdown-with-message']]) {
      await using server = await startLockstep(['run', app, '--port', '0', ...flags, ...flagsOf[backend]])
      await ask(server.url)
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
      const isTold = flags.length > 0
      expect(server.stdout().includes('message to the app: "shutdown"')).toBe(isTold)
      expect(server.stdout().includes('signal to the app')).toBe(!isTold)
    }
  })
})

it('reach the program that launched the app, in order', async () => {
  const messages: LaunchEventOf<'message:received'>[] = []
  await using server = await launch(
    { app: `${fixtures}${app}`, backend: 'cluster', port: 0, log: { level: 'error' } },
    { config: false, envFile: false, environment: false },
  )
  server.on('message:received', (event) => messages.push(event))
  const [worker] = server.workers
  expect(await ask(server.url, 'send')).toBe('sent')
  await waitUntil(() => messages.length >= 102, { what: () => `102 messages, got ${messages.length}` })
  const pid = worker?.pid
  expect(messages).toEqual(
    [...Array.from({ length: 100 }, (_, count) => ({ count, at: pid })), null, 'text'].map((message) => ({
      type: 'message:received',
      worker: 1,
      pid,
      message,
    })),
  )
})
