import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { beginLockstep, runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { childrenOf } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/switches.js'
const backends = [['single', []] as const, ['cluster', ['--workers', '2']] as const]
const userSignals = ['SIGUSR1', 'SIGUSR2'] as const

function start(...more: readonly string[]): Promise<Started> {
  return startLockstep(['run', app, '--port', '0', ...more])
}

async function ask(server: Started, path: string): Promise<void> {
  const response = await fetch(new URL(path, server.url), { headers: { connection: 'close' } })
  await response.text()
}

/** The log also contains the launcher's own probe. */
const isOfTest = (line: string): boolean => line.includes('"GET /')

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(isOfTest) : []

const reopened = (server: Started): number =>
  server
    .stderr()
    .split('\n')
    .filter((line) => line.includes('logs were opened again')).length

async function waitForReopened(server: Started, times: number): Promise<void> {
  await waitUntil(() => reopened(server) >= times, {
    what: `logs to be opened again for the ${times}th time`,
  })
}

describe.each(backends)('SIGUSR1 and SIGUSR2 to the launcher, under %s', (backend, workers) => {
  it('open no inspector, and cut no request', async () => {
    await using server = await start('--backend', backend, ...workers)
    const slow = fetch(new URL('/slow?ms=1000', server.url)).then((response) => response.text())
    await ask(server, '/')
    const all = server.processes()
    for (const signal of userSignals) for (const pid of all) process.kill(pid, signal)
    expect(Number(await slow)).toBeGreaterThan(0)
    await ask(server, '/')
    expect(server.processes().sort()).toEqual(all.sort())
    expect(server.stderr()).not.toContain('Debugger listening')
  })

  it('reopen the access log: each line is in exactly one file, even while files are renamed', async () => {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    await using server = await start('--backend', backend, ...workers, '--access-log', log)
    let asked = 0
    let isOver = false
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!isOver) {
          asked += 1
          await ask(server, `/number-${asked}`)
        }
      }),
    )
    for (let round = 1; round <= 4; round += 1) {
      await waitUntil(() => linesOf(log).length > 0, { what: 'a line in the new file' })
      renameSync(log, `${log}.${round}`)
      server.signal(userSignals[round % 2] ?? 'SIGUSR1')
      await waitForReopened(server, round)
      // The file appears immediately, even without another request.
      expect(existsSync(log)).toBe(true)
    }
    isOver = true
    await load
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    const numbers = readdirSync(folder)
      .flatMap((name) => linesOf(join(folder, name)))
      .map((line) => /number-\d+/.exec(line)?.[0])
    expect(numbers).toHaveLength(asked)
    expect(new Set(numbers).size).toBe(asked)
  })

  it('continue with a file that was copied and truncated', async () => {
    const log = join(temporaryFolder(), 'access.log')
    await using server = await start('--backend', backend, ...workers, '--access-log', log)
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
    await ask(server, '/after')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the second line' })
    expect(readFileSync(log, 'utf8')).toMatch(/^127\.0\.0\.1 .*\/after /)
  })
})

describe.each(backends)('lockstep reopen-logs, under %s', (backend, workers) => {
  const verb = (server: Started, ...words: readonly string[]) =>
    runLockstep(['reopen-logs', ...words], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })

  it('reports what was opened by how many processes', async () => {
    const log = join(temporaryFolder(), 'access.log')
    await using server = await start('--backend', backend, ...workers, '--access-log', log)
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    renameSync(log, `${log}.1`)
    const count = backend === 'single' ? '1 process' : '2 processes'
    expect(await verb(server)).toMatchObject({
      code: 0,
      stdout: `✓ ${log} was opened again by ${count}.\n`,
      stderr: '',
    })
    expect(linesOf(log)).toEqual([])
    await ask(server, '/after')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the second line' })
    expect(linesOf(`${log}.1`)).toHaveLength(1)
    expect(JSON.parse((await verb(server, '--json')).stdout)).toEqual({
      schema: 1,
      ok: true,
      files: [log],
      processes: backend === 'single' ? 1 : 2,
      draining: 0,
    })
  })

  it('continues with the old file if the new one cannot be opened, and reports it', async () => {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    await using server = await start('--backend', backend, '--access-log', log)
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    const moved = `${folder}-moved`
    renameSync(folder, moved)
    const failed = await verb(server)
    expect(failed).toMatchObject({ code: 9, stdout: '' })
    expect(failed.stderr).toContain('[LOCKSTEP_ERR_LOG_FILE]')
    expect(failed.stderr).toContain('there is no such file')
    await ask(server, '/after')
    await waitUntil(() => linesOf(join(moved, 'access.log')).length === 2, { what: 'a line in the old file' })
    renameSync(moved, folder)
  })

  it('reports that there is nothing to open if no log is a file', async () => {
    await using server = await start('--backend', backend, ...workers)
    expect(await verb(server)).toMatchObject({
      code: 0,
      stdout: '· This server writes no log to a file.\n',
    })
  })

  it('is part of a reload', async () => {
    const log = join(temporaryFolder(), 'access.log')
    await using server = await start('--backend', backend, ...workers, '--access-log', log)
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    renameSync(log, `${log}.1`)
    server.signal('SIGHUP')
    await waitForReopened(server, 1)
    expect(existsSync(log)).toBe(true)
  })
})

describe('SIGUSR1 and SIGUSR2 to a worker', () => {
  it.each(userSignals)('%s makes this worker reopen its log', async (signal) => {
    const log = join(temporaryFolder(), 'access.log')
    await using server = await start('--backend', 'cluster', '--access-log', log)
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    renameSync(log, `${log}.1`)
    const [worker = 0] = childrenOf(server.pid)
    process.kill(worker, signal)
    await waitUntil(() => existsSync(log), { what: 'a new file' })
    expect(childrenOf(server.pid)).toEqual([worker])
    expect(server.stderr()).not.toContain('Debugger listening')
  })
})

describe.skipIf(process.getuid?.() !== 0)('reopening logs for a user that is not root', () => {
  it('works under cluster in a folder of root: the primary creates the file for that user', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    const log = join(folder, 'access.log')
    await using server = await start(...['--workers', '2', '--user', 'nobody', '--access-log', log])
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    renameSync(log, `${log}.1`)
    server.signal('SIGUSR1')
    await waitForReopened(server, 1)
    await ask(server, '/after')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the second line' })
  })

  it('reports under single that the user may not create the file, and how logrotate can create it', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    const log = join(folder, 'access.log')
    await using server = await start(...['--user', 'nobody', '--access-log', log])
    await ask(server, '/before')
    await waitUntil(() => linesOf(log).length === 1, { what: 'the first line' })
    renameSync(log, `${log}.1`)
    server.signal('SIGUSR1')
    await server.waitFor('permission is denied')
    expect(server.stderr()).toContain('With logrotate, `create` does that.')
    await ask(server, '/after')
    await waitUntil(() => linesOf(`${log}.1`).length === 2, { what: 'a line in the old file' })
  })
})

describe('the inspector', () => {
  it('is not opened by SIGUSR1 in `lockstep status --watch`', async () => {
    await using server = await start()
    const { ended, stderr, waitFor, pid } = beginLockstep(['status', '--watch', '--json'], {
      env: { XDG_RUNTIME_DIR: server.runtimeFolder },
    })
    await waitFor('"pid"')
    for (const signal of userSignals) process.kill(pid, signal)
    server.signal('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
    expect(stderr()).not.toContain('Debugger listening')
  })

  it('is closed again if SIGUSR1 came before the first line of Lockstep ran', async () => {
    const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))
    const folder = temporaryFolder()
    // A preload that sends the signal before any code of Lockstep has run. Another process may hold the inspector's port, so it waits for a second.
    const preload = `data:text/javascript,process.kill(process.pid,'SIGUSR1');for(const end=performance.now()+1000;performance.now()<end&&!process.getBuiltinModule('node:inspector').url(););`
    const child = spawn(
      process.execPath,
      [
        '--import',
        preload,
        command,
        'run',
        fileURLToPath(new URL('../fixtures/apps/inspector.js', import.meta.url)),
        '--port',
        '0',
      ],
      {
        env: { PATH: process.env['PATH'], XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    child.stderr.resume()
    const closed = once(child, 'close')
    onTestFinished(() => void child.kill('SIGKILL'))
    await waitUntil(() => /Verified:/.test(text), { what: 'the banner' })
    const url = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
    expect(await (await fetch(url)).text()).toBe('no inspector')
    child.kill('SIGTERM')
    expect(await closed).toEqual([0, null])
  })
})
