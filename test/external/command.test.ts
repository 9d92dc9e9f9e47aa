import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { isOnPath } from '../support/programs.ts'
import { runHost } from '../support/run-host.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const node = process.execPath
const lockstep = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))
const answers = join(fixtures, 'programs/upstream/answers.mjs')
const streams = join(fixtures, 'programs/upstream/streams.py')

/** `options` are Lockstep's, `command` is the program with its arguments. */
const exec = (command: readonly string[], ...options: readonly string[]): string[] => [
  'exec',
  ...(options.includes('--port') ? [] : ['--port', '0']),
  ...options,
  '--',
  ...command,
]
const start = (command: readonly string[], ...options: readonly string[]): Promise<Started> =>
  startLockstep(exec(command, ...options))

async function pidFrom(server: Started, path = '/'): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${server.port}${path}`)).text())
}

/** Stops a server with SIGTERM. It must end in order and leave nothing. */
async function stopped(server: Started): Promise<void> {
  server.signal('SIGTERM')
  expect(await server.finished()).toMatchObject({ code: 0, signal: null })
  expect(server.processes()).toEqual([])
}

describe.skipIf(process.platform === 'win32')('a program behind Lockstep', { timeout: 60_000 }, () => {
  it.each([
    ['by PORT and HOST', [node, answers]],
    ['by its arguments', [node, answers, '--port', '{port}', '--host={host}']],
    ['at a UNIX socket', [node, answers, '--socket', '{socket}']],
    [
      'by a variable of its own',
      ['sh', '-c', 'exec "$0" "$1" --port "$OWN_PORT" --host "$OWN_HOST"', node, answers],
      ...['--set-env', 'OWN_PORT={port}', '--set-env', 'OWN_HOST={host}'],
    ],
    [
      'at a UNIX socket by a variable',
      ['sh', '-c', 'exec "$0" "$1" --socket "$OWN_SOCKET"', node, answers],
      ...['--set-env', 'OWN_SOCKET={socket}'],
    ],
    [
      'behind another Lockstep',
      [node, lockstep, 'exec', '--bind', '{host}:{port}', '--log-format', 'json', '--', node, answers],
    ],
    ['behind a shell', ['sh', '-c', '"$0" "$1"; echo never', node, answers]],
  ] as [string, string[], ...string[]][])('is served when it listens %s', async (_, command, ...options) => {
    await using server = await start(command, ...options)
    const pid = await pidFrom(server)
    expect(server.processes()).toContain(pid)
    expect(server.stderr()).toContain('listening')
    await stopped(server)
    expect(server.stderr()).toContain('got SIGTERM')
  })

  it.skipIf(!isOnPath('python3'))('is served when it is Python, with its output at once', async () => {
    await using server = await start(['python3', streams], '--log-format', 'json', '--workers', '2')
    await server.waitFor('grüße')
    const pids = new Set([await pidFrom(server), await pidFrom(server)])
    expect(pids.size).toBe(2)
    const lines = server
      .stderr()
      .split('\n')
      .filter((line) => line.includes('grüße'))
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      expect.arrayContaining([1, 2].map((worker) => expect.objectContaining({ worker, stream: 'stdout' }))),
    )
    await stopped(server)
    expect(server.stderr()).toContain('ended in order')
  })

  it.skipIf(!isOnPath('python3'))('is served when it is a module of Python', async () => {
    const command = ['python3', '-m', 'http.server', '{port}', '--bind', '{host}']
    await using server = await start([...command, '--directory', fixtures])
    const listing = await (await fetch(server.url)).text()
    expect(listing).toContain('programs/')
    await stopped(server)
  })

  it('is asked to end after the requests in flight, by its own signal', async () => {
    await using server = await start([node, answers])
    const slow = fetch(`${server.url}?ms=1000`)
    await fetch(server.url)
    server.signal('SIGTERM')
    expect((await slow).status).toBe(200)
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.processes()).toEqual([])
  })

  it('is killed with all its processes when it ignores the signal', async () => {
    await using server = await start([node, answers, '--stubborn'], '--graceful-timeout', '500ms')
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stderr()).toContain('got SIGTERM')
    expect(server.stderr()).toContain('did not end in time and is killed')
    expect(server.processes()).toEqual([])
  })

  it('is ended when the launcher is killed', async () => {
    await using server = await start(['sh', '-c', '"$0" "$1"; echo never', node, answers], '--workers', '2')
    server.signal('SIGKILL')
    await waitUntil(() => server.processes().length === 0, { what: () => `${server.processes()} to end` })
  })

  it('is ready once its path answers, or its output says so', async () => {
    const path = [node, answers, '--ready-after', '800']
    await using byPath = await start(path, '--upstream-ready-path', '/ready')
    expect((await fetch(`${byPath.url}ready`)).status).toBe(200)
    const output = [node, answers, '--says', 'Application \u001b[1mstartup\u001b[22m complete.']
    await using byOutput = await start(output, '--upstream-ready-output', 'startup complete')
    // Without the colours, which would split it.
    expect(byOutput.stderr()).toContain('Application startup complete.')
  })

  it('leaves nothing of its socket behind', async () => {
    const temporary = temporaryFolder()
    const words = [node, answers, '--socket', '{socket}']
    await using server = await startLockstep(exec(words), { env: { TMPDIR: temporary } })
    expect(readdirSync(temporary).filter((name) => name.startsWith('lockstep-'))).toHaveLength(1)
    await stopped(server)
    expect(readdirSync(temporary).filter((name) => name.startsWith('lockstep-'))).toEqual([])
  })

  it('has a second to end when a second signal hurries', async () => {
    await using server = await start([node, answers])
    const endless = fetch(`${server.url}?ms=600000`).catch(() => 'cut')
    await waitUntil(async () => (await fetch(server.url)).ok, { what: 'an answer beside the slow one' })
    server.signal('SIGTERM')
    // Within half a second it would be the same key press.
    await waitUntil(
      () => {
        server.signal('SIGTERM')
        return server.stderr().includes('stopping at once')
      },
      { what: 'the second signal to be taken' },
    )
    expect(await endless).toBe('cut')
    expect(await server.finished()).toMatchObject({ code: 130 })
    expect(server.stderr()).toContain('got SIGTERM')
    expect(server.processes()).toEqual([])
  })

  it.skipIf(process.getuid?.() !== 0)('runs as the user of --user, as the server in front does', async () => {
    const show =
      "require('node:http').createServer((q, s) => s.end(JSON.stringify([process.getuid(), process.getgroups(), process.env.HOME]))).listen(process.env.PORT, process.env.HOST)"
    await using server = await start([node, '-e', show], '--user', 'nobody')
    const [uid, groups] = (await (await fetch(server.url)).json()) as [number, number[]]
    expect([uid, groups]).toEqual([65_534, [65_534]])
    await stopped(server)
  })

  it('writes to the listener of a program that calls launch()', async () => {
    const facts = await runHost<{ text: string; worker: number; status: number }>('runs-command.js', {
      args: [answers],
    })
    expect(facts).toMatchObject({ worker: 1, status: 200 })
    expect(facts.text).toContain('listening\n')
    expect(facts.text).toContain('got SIGTERM\n')
  })

  it('may listen at another address for another protocol', async () => {
    await using server = await start([node, answers, '--also-tcp', '0.0.0.0'])
    expect(server.stderr()).toContain('not for HTTP')
    await stopped(server)
  })
})

describe.skipIf(process.platform === 'win32')('a program that does not fit', { timeout: 60_000 }, () => {
  const fails = async (
    command: readonly string[],
    code: string,
    says: readonly (string | RegExp)[],
  ): Promise<void> => {
    const port = await freePort()
    await failedLaunch(exec(command, '--boot-timeout', '1500ms', '--port', String(port)), {
      code: `LOCKSTEP_ERR_${code}`,
      says,
      ports: [port],
    })
  }

  it('is refused when there is none', async () => {
    await fails(['no-such-program'], 'PROGRAM_NOT_FOUND', ['no-such-program', 'PATH'])
    await fails([`${node} ${answers}`], 'PROGRAM_NOT_FOUND', ['leave out the quotes'])
  })

  it('is refused when it ends at once, with its output', async () => {
    await fails([node, answers, '--exit', '5'], 'PROGRAM_ENDED', ['exit code 5', 'it has a reason'])
  })

  it('is refused when it never listens', async () => {
    await fails([node, answers, '--never'], 'BOOT_TIMEOUT', [
      'accept a connection',
      '1.5 s',
      '--boot-timeout',
    ])
  })

  it.skipIf(process.platform !== 'linux')('is refused when it goes into the background', async () => {
    await fails([node, answers, '--daemon'], 'PROGRAM_ENDED', ['went into the background', '--no-daemon'])
  })

  it.skipIf(process.platform !== 'linux')('is refused when it takes another port', async () => {
    await fails([node, answers, '--elsewhere'], 'PROGRAM_PLACE', [
      /listens at 127\.0\.0\.1:\d+, and not at/,
      '{port}',
      // Long before the launch fails.
      'Waiting for it until the boot timeout',
    ])
  })

  it.skipIf(process.platform !== 'linux').each([
    ['there', ['--host', '0.0.0.0']],
    ['at another port', ['--also', '0.0.0.0']],
  ])('is refused when other machines reach it %s in plain HTTP', async (_, words) => {
    await fails([node, answers, ...words], 'PROGRAM_EXPOSED', [/0\.0\.0\.0:\d+/, '{host}'])
  })

  it('is refused when it speaks TLS itself', async () => {
    const { cert, key } = await pairFiles()
    const serve =
      "require('node:https').createServer({ cert: require('node:fs').readFileSync(process.argv[1]), key: require('node:fs').readFileSync(process.argv[2]) }).listen(process.env.PORT, process.env.HOST)"
    await fails([node, '-e', serve, cert, key], 'PROGRAM_TLS', ['speaks TLS', '--tls-cert'])
  })

  it('is refused when it is asked for two places', async () => {
    await failedLaunch(exec([node, answers, '{socket}', '{port}']), {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['{socket}', '{port}'],
      ports: [],
    })
  })
})

describe.skipIf(process.platform === 'win32')('a program that cannot run twice', { timeout: 60_000 }, () => {
  it('is stopped before it starts again, and requests wait', async () => {
    const lock = join(temporaryFolder(), 'lock')
    await using server = await start([node, answers, '--lock', lock], '--reload', 'restart')
    const before = await pidFrom(server)
    const verb = runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    await waitUntil(() => server.stderr().includes('got SIGTERM'), { what: 'the stop of the old one' })
    const during = await pidFrom(server)
    expect(await verb).toMatchObject({ code: 0 })
    expect(during).not.toBe(before)
    expect(existsSync(lock)).toBe(true)
    await stopped(server)
    expect(existsSync(lock)).toBe(false)
  })
})

describe.skipIf(process.getuid?.() !== 0 || !runsEverything || !existsSync('/usr/bin/perl'))(
  `a program that this user may not end${whyLeftOut}`,
  () => {
    it('is reported, and neither the launch nor its end waits for it without end', {
      timeout: 60_000,
    }, async () => {
      const folder = temporaryFolder()
      chmodSync(folder, 0o755)
      const perl = join(folder, 'perl')
      copyFileSync('/usr/bin/perl', perl)
      // It becomes root for good, as `sudo` does.
      chmodSync(perl, 0o4755)
      const script = '$< = 0; $> = 0; sleep 16'
      const { code, stderr } = await runLockstep(
        ['exec', '--port', '0', '--boot-timeout', '1s', '--', perl, '-e', script],
        { cwd: folder, uid: 65_534, deadlineMs: 40_000 },
      )
      expect(code).toBe(3)
      expect(stderr).toMatch(/a program runs on, because this user may not end it/)
      expect(stderr).toMatch(/\[LOCKSTEP_ERR_BOOT_TIMEOUT\]/)
    })
  },
)

it('a limit of extra programs beside --reload restart is refused, because there is never one more', async () => {
  await failedLaunch(
    ['exec', '--port', '0', '--reload', 'restart', '--max-surge', '3', '--', node, answers],
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['--max-surge has no effect with reload.mode restart'],
    },
  )
})
