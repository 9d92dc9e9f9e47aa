import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { beginLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const listens = `createServer((request, response) => response.end()).listen(Number(process.argv[2] ?? 0), '127.0.0.1')`

/** Listens after six seconds. */
function slowApp(): string {
  return write(
    temporaryFolder(),
    'slow.mjs',
    `import { createServer } from 'node:http'
     setTimeout(() => ${listens}, 6_000)`,
  )
}

describe.concurrent('an app that listens after six seconds', () => {
  it.for(['single', 'cluster'])('under %s is announced as awaited, once', async (backend) => {
    const app = slowApp()
    const run = beginLockstep(['run', app, '--port', '0', '--backend', backend])
    await run.waitFor('Verified:')
    process.kill(run.pid, 'SIGTERM')
    const { stderr } = await run.ended
    const says = `waiting for ${app} to export an app or to listen: 5 s of at most 60 s have passed (--boot-timeout)`
    expect(stderr.split(says)).toHaveLength(2)
  })

  it('as a program is announced too', async () => {
    const app = slowApp()
    const run = beginLockstep([
      'exec',
      '--port',
      '0',
      '--boot-timeout',
      '40s',
      '--',
      process.execPath,
      app,
      '{port}',
    ])
    await run.waitFor('Verified:')
    process.kill(run.pid, 'SIGTERM')
    const { stderr } = await run.ended
    expect(stderr).toContain(
      `waiting for ${process.execPath} to accept connections: 5 s of at most 40 s have passed`,
    )
  })

  it('is announced in a log for programs', async () => {
    const run = beginLockstep(['run', slowApp(), '--port', '0', '--log-format', 'json'])
    await run.waitFor('"type":"ready"')
    process.kill(run.pid, 'SIGTERM')
    const { stderr } = await run.ended
    const lines = stderr.split('\n').filter((line) => line.includes('bootTimeoutMs'))
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'info', bootTimeoutMs: 60_000 }),
    ])
  })

  it('is not announced with --log-level error', async () => {
    const run = beginLockstep(['run', slowApp(), '--port', '0', '--log-level', 'error'])
    await run.waitFor('Verified:')
    process.kill(run.pid, 'SIGTERM')
    expect((await run.ended).stderr).toBe('')
  })
})
