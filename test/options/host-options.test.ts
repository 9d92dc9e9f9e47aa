import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LaunchError, type LockstepConfig, launch, type WorkerOutput } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { fixtures } from '../support/lockstep.ts'
import { runHost } from '../support/run-host.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const alone = { config: false, envFile: false, environment: false } as const
const quiet = { port: 0, log: { level: 'silent' } } as const satisfies LockstepConfig
const app = (_request: unknown, response: { end(text: string): void }): void => response.end('fine')
const hello = `${fixtures}apps/hello.js`

describe('options that the host changes after the launch', () => {
  it('do not affect a reload, not even a key that is overwritten', async () => {
    const { certPem, keyPem } = await pairFiles()
    const bytes = { cert: Buffer.from(certPem), key: Buffer.from(keyPem) }
    const tls: Record<string, unknown> = { ...bytes, minVersion: 'TLSv1.2' }
    const options = { ...quiet, app: hello, bind: ['127.0.0.1:0'], port: undefined, tls } as Record<
      string,
      unknown
    >
    const environment: Record<string, string> = {}
    const launching = launch(options, { ...alone, environment })
    bytes.key.fill(0)
    bytes.cert.fill(0)
    tls['minVersion'] = 'TLSv9'
    ;(options['bind'] as string[]).push('nonsense')
    options['workers'] = 0
    environment['LOCKSTEP_NONSENSE'] = '1'
    await using server = await launching
    expect(await server.reload({ scope: 'tls' })).toMatchObject({ changed: false })
  })
})

describe('an app that is named by a file: URL', () => {
  it.each([
    ['a URL', pathToFileURL(hello)],
    ['its text', pathToFileURL(hello).href],
    ['its text with an export', `${pathToFileURL(`${fixtures}apps/named-export-only.js`).href}:createApp`],
  ])('is served: %s', async (_what, named) => {
    await using server = await launch({ ...quiet, app: named }, alone)
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('is served by workers', async () => {
    await using server = await launch({ ...quiet, app: pathToFileURL(hello), backend: 'cluster' }, alone)
    expect(await (await fetch(server.url)).text()).toMatch(/^hello from/)
  })

  it.each([
    ['a URL of the web', new URL('https://example.com/app.js')],
    ['a query, which no path has', new URL(`${pathToFileURL(hello).href}?fresh`)],
    ['a host, on a system that has none in paths', 'file://example.com/app.js'],
  ])('is refused: %s', async (_what, named) => {
    await expect(launch({ ...quiet, app: named }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
    })
  })

  it('may change its URL object afterwards', async () => {
    const url = pathToFileURL(hello)
    const launching = launch({ ...quiet, app: url, backend: 'cluster' }, alone)
    url.pathname = '/nowhere.js'
    await using server = await launching
    expect(await server.reload()).toMatchObject({ replaced: 1 })
  })
})

describe('WEB_CONCURRENCY', () => {
  it('has no effect on an app in memory, because one process serves it', async () => {
    await using server = await launch({ ...quiet, app }, { ...alone, environment: { WEB_CONCURRENCY: '4' } })
    expect(server.status()).toMatchObject({ backend: 'single', wanted: 1 })
  })

  it('has no effect on it in .env either', async () => {
    const directory = temporaryFolder()
    writeFileSync(join(directory, '.env'), 'WEB_CONCURRENCY=4\n')
    await using server = await launch({ ...quiet, app }, { directory, config: false, environment: false })
    expect(server.status()).toMatchObject({ backend: 'single', wanted: 1 })
  })

  it('sets the number of workers for an app that is named by its path', async () => {
    await using server = await launch(
      { ...quiet, app: hello },
      { ...alone, environment: { WEB_CONCURRENCY: '2' } },
    )
    expect(server.status()).toMatchObject({ backend: 'cluster', wanted: 2 })
  })

  it('does not hide a wrong number of workers that is set for this server', async () => {
    const error = await launch(
      { ...quiet, app },
      { ...alone, environment: { WEB_CONCURRENCY: '4', LOCKSTEP_WORKERS: '3' } },
    ).catch((reason: LaunchError) => reason)
    expect(error).toMatchObject({ code: 'LOCKSTEP_ERR_OPTION_REFUSED' })
  })
})

describe('onWorkerOutput', () => {
  it('gets what workers print and log, instead of the streams of the host', async () => {
    const output: WorkerOutput[] = []
    const textOf = (stream: WorkerOutput['stream']): string =>
      output.flatMap((one) => (one.stream === stream ? [Buffer.from(one.data).toString()] : [])).join('')
    await using server = await launch(
      { ...quiet, app: `${fixtures}apps/prints.js`, backend: 'cluster', accessLog: { file: '-' } },
      { ...alone, onWorkerOutput: (one) => output.push(one) },
    )
    const [worker] = server.workers
    await (await fetch(server.url)).text()
    await waitUntil(() => textOf('stdout').includes('"GET / HTTP/1.1" 200'), { what: 'the access log' })
    expect(textOf('stdout')).toContain('printed by the app\n')
    expect(textOf('stderr')).toContain('complained by the app\n')
    expect(new Set(output.map(({ worker: id, pid }) => `${id} ${pid}`))).toEqual(
      new Set([`1 ${worker?.pid}`]),
    )
  })
})

describe('a host under the permission model of Node', () => {
  const everyFile = ['--permission', '--allow-fs-read=*']
  const restricted = (options: object, flags: readonly string[]): Promise<unknown> =>
    runHost('restricted.js', { args: [JSON.stringify(options)], flags })

  it('serves in one process', async () => {
    expect(await restricted({ app: hello }, everyFile)).toMatchObject({ code: null })
  })

  it('gets an error with the flag that the workers need', async () => {
    expect(await restricted({ app: hello, backend: 'cluster' }, everyFile)).toEqual({
      name: 'LaunchError',
      code: 'LOCKSTEP_ERR_NODE_PERMISSION',
      exitCode: 6,
      hint: expect.stringContaining('--allow-child-process'),
    })
  })

  it('gets an error with the flag that a file needs', async () => {
    const flags = ['--permission', `--allow-fs-read=${fixtures}../../*`]
    const tls = { cert: '/etc/lockstep/cert.pem', key: '/etc/lockstep/key.pem' }
    expect(await restricted({ app: hello, tls }, flags)).toMatchObject({
      code: 'LOCKSTEP_ERR_NODE_PERMISSION',
      hint: expect.stringContaining('--allow-fs-read'),
    })
  })
})

describe('many servers in one process', () => {
  it('do not each add a listener to the process', async () => {
    const { warnings, listeners, left, lines } = await runHost<{
      warnings: readonly string[]
      listeners: number
      left: number
      lines: number
    }>('many-servers.js')
    expect(warnings).toEqual([])
    expect(listeners).toBeLessThanOrEqual(1)
    expect([left, lines]).toEqual([0, 50])
  })
})
