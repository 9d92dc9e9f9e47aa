import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { isOnPath, run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/hello.js'

/** What may be under a path instead of a regular file. */
const kinds = {
  FIFO: async (path: string) => void (await run('mkfifo', [path])),
  folder: async (path: string) => mkdirSync(path),
  socket: async (path: string) => {
    const server = createServer().listen(path)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
  },
  'symbolic link': async (path: string) => {
    writeFileSync(`${path}-target`, '')
    symlinkSync(`${path}-target`, path)
  },
  'dangling symbolic link': async (path: string) => symlinkSync(`${path}-missing`, path),
  device: async (path: string) => symlinkSync('/dev/null', path),
} as const

const without = (...left: readonly string[]) => Object.entries(kinds).filter(([kind]) => !left.includes(kind))

describe('a PID file', () => {
  it.each(without())('that is a %s is refused, and left as it is', async (_, make) => {
    const path = join(temporaryFolder(), 'pid')
    await make(path)
    const before = lstatSync(path)
    await failedLaunch(['run', app, '--pid-file', path], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: [`The PID file ${path} cannot be written: it is a `],
    })
    expect(lstatSync(path)).toMatchObject({ ino: before.ino, mode: before.mode })
    expect(existsSync(`${path}-missing`)).toBe(false)
  })

  it('that is a device is refused', async () => {
    await failedLaunch(['run', app, '--pid-file', '/dev/null'], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: ['The PID file /dev/null cannot be written: it is a device.'],
    })
  })

  it.skipIf(process.getuid?.() === 0)('in a folder without access is refused', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o555)
    await failedLaunch(['run', app, '--pid-file', join(folder, 'pid')], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: ['permission is denied'],
    })
  })

  it('that contains anything other than a process id is refused and not changed', async () => {
    const path = join(temporaryFolder(), 'notes')
    writeFileSync(path, 'dear diary\n')
    await failedLaunch(['run', app, '--pid-file', path], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: [
        'holds something else than a process id. Set by --pid-file. Remove the file, or name another file with',
      ],
    })
    expect(readFileSync(path, 'utf8')).toBe('dear diary\n')
  })

  it.each(['', '999999999\n'])('that contains %j is stale, and replaced', async (content) => {
    const path = join(temporaryFolder(), 'pid')
    writeFileSync(path, content)
    await using server = await startLockstep(['run', app, '--port', '0', '--pid-file', path])
    expect(readFileSync(path, 'utf8')).toBe(`${server.pid}\n`)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(existsSync(path)).toBe(false)
  })

  describe('whose process id belongs to another process', () => {
    const sleeper = async (): Promise<number> => {
      const child = spawn('sleep', ['60'])
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child, 'spawn')
      return child.pid ?? 0
    }

    it.skipIf(process.platform !== 'linux')(
      'that started after the file was written is replaced',
      async () => {
        const path = join(temporaryFolder(), 'pid')
        const pid = await sleeper()
        writeFileSync(path, `${pid}\n`)
        utimesSync(path, new Date(), new Date(Date.now() - 3_600_000))
        await using server = await startLockstep(['run', app, '--port', '0', '--pid-file', path])
        expect(readFileSync(path, 'utf8')).toBe(`${server.pid}\n`)
      },
    )

    it('that started before the file was written is refused: it may be its owner', async () => {
      const path = join(temporaryFolder(), 'pid')
      const pid = await sleeper()
      writeFileSync(path, `${pid}\n`)
      await failedLaunch(['run', app, '--pid-file', path], {
        code: 'LOCKSTEP_ERR_PID_FILE',
        says: [`names process ${pid}, which is alive`],
      })
    })

    it('is refused at any clock time while a Lockstep server holds it', async () => {
      const path = join(temporaryFolder(), 'pid')
      await using server = await startLockstep(['run', app, '--port', '0', '--pid-file', path])
      // As if the clock had been set forward since.
      utimesSync(path, new Date(), new Date(Date.now() - 3_600_000))
      await failedLaunch(['run', app, '--pid-file', path], {
        code: 'LOCKSTEP_ERR_PID_FILE',
        says: [`names process ${server.pid}, which is alive`],
      })
      expect(readFileSync(path, 'utf8')).toBe(`${server.pid}\n`)
    })
  })
})

describe('an access log', () => {
  it.each(without('symbolic link', 'dangling symbolic link', 'device'))(
    'that is a %s, which no process reads, is refused before anything is bound',
    async (_, make) => {
      const path = join(temporaryFolder(), 'log')
      await make(path)
      await failedLaunch(['run', app, '--workers', '2', '--access-log', path], {
        code: 'LOCKSTEP_ERR_LOG_FILE',
        says: [`The access log ${path} can`],
      })
    },
  )

  it.skipIf(!isOnPath('mkfifo'))(
    'that is a FIFO gets a warning from a check, which leaves its reader waiting',
    async () => {
      const path = join(temporaryFolder(), 'fifo')
      await run('mkfifo', [path])
      const reader = spawn('cat', [path])
      onTestFinished(() => void reader.kill('SIGKILL'))
      const { code, stdout } = await runLockstep(['check', app, '--json', '--access-log', path])
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        warnings: [expect.stringContaining(`The access log ${path} is a FIFO. A start fails if no process`)],
      })
      await using server = await startLockstep(['run', app, '--port', '0', '--access-log', path])
      await fetch(new URL('/after-check', server.url))
      const [text] = await once(reader.stdout, 'data')
      expect(String(text)).toContain('/after-check')
    },
  )

  it('that is a link to a missing folder is refused', async () => {
    const path = join(temporaryFolder(), 'log')
    symlinkSync('/nowhere/log', path)
    await failedLaunch(['run', app, '--access-log', path], {
      code: 'LOCKSTEP_ERR_LOG_FILE',
      says: ['it is a symbolic link to /nowhere/log, and there is no folder /nowhere'],
    })
  })

  it.each(['/dev/null', '/dev/full'])('may be %s', async (device) => {
    await using server = await startLockstep(['run', app, '--port', '0', '--access-log', device])
    expect((await fetch(server.url)).status).toBe(200)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it.each(['-', '/dev/stdout', 'a link to it'])('may be standard output, as %s', async (given) => {
    const link = join(temporaryFolder(), 'log')
    if (given === 'a link to it') symlinkSync('/dev/stdout', link)
    const file = given === 'a link to it' ? link : given
    await using server = await startLockstep([
      'run',
      app,
      '--workers',
      '2',
      '--port',
      '0',
      '--access-log',
      file,
    ])
    await fetch(new URL('/seen', server.url))
    await server.waitFor('GET /seen')
    expect(server.stdout()).toContain('GET /seen')
  })

  it.skipIf(!isOnPath('mkfifo'))(
    'may be a FIFO with a reader, which sees no end of file while workers are replaced',
    async () => {
      const path = join(temporaryFolder(), 'fifo')
      await run('mkfifo', [path])
      const reader = spawn('cat', [path])
      onTestFinished(() => void reader.kill('SIGKILL'))
      let text = ''
      reader.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      await using server = await startLockstep([
        'run',
        app,
        '--backend',
        'cluster',
        '--port',
        '0',
        '--access-log',
        path,
      ])
      await fetch(new URL('/first', server.url))
      await waitUntil(() => text.includes('/first'), { what: 'the first line' })
      server.signal('SIGHUP')
      await server.waitFor('every worker was replaced')
      await fetch(new URL('/second', server.url))
      await waitUntil(() => text.includes('/second'), { what: 'a line of the new worker' })
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )
})

describe('a key log', () => {
  it.each(without('symbolic link', 'dangling symbolic link'))('that is a %s is refused', async (_, make) => {
    const path = join(temporaryFolder(), 'keys')
    await make(path)
    await failedLaunch(['run', app, '--tls-self-signed', '--tls-keylog', path], {
      code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
      says: [`The key log ${path} cannot be written: it is a `],
    })
  })

  it('also has mode 0600 after it was reopened', async () => {
    const path = join(temporaryFolder(), 'keys')
    await using server = await startLockstep([
      'run',
      app,
      '--port',
      '0',
      '--tls-self-signed',
      '--tls-keylog',
      path,
    ])
    await run('mv', [path, `${path}.1`])
    server.signal('SIGUSR1')
    await server.waitFor('logs were opened again')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})
