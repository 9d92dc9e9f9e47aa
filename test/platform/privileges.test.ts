import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { isOnPath, run as runProgram } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const isRoot = process.getuid?.() === 0
const [nobody, daemon] = [65_534, 1]

const canBindMount =
  isRoot &&
  isOnPath('unshare') &&
  (await runProgram('unshare', ['--mount', 'mount', '--bind', '/etc', '/etc'])).code === 0

/** Writes an app where every user can read it. */
function publicApp(name: string): { folder: string; run: string[] } {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const app = join(folder, name.replace('.js', '.mjs'))
  copyFileSync(join(fixtures, 'apps', name), app)
  return { folder, run: ['run', app] }
}

interface Facts {
  readonly pid: number
  readonly ids: readonly number[]
  readonly groups: readonly number[]
  readonly loadedAs: number
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

const factsOf = async (port: number): Promise<Facts> => JSON.parse(await bodyOf({ port })) as Facts

describe.skipIf(!isRoot).each([
  { backend: 'single', workers: '1' },
  { backend: 'cluster', workers: '2' },
])('under $backend, a server that root starts for another user', ({ backend, workers }) => {
  const as = ['--backend', backend, '--workers', workers, '--port', '0', '--user', 'nobody']

  it('loads and serves the app as that user, with its groups, permanently', async () => {
    const { run } = publicApp('facts.js')
    await using server = await startLockstep([...run, ...as])
    const facts = await factsOf(server.port)
    expect(facts.ids).toEqual([nobody, nobody, nobody, nobody])
    expect(facts.loadedAs).toBe(nobody)
    expect(facts.groups).toEqual([nobody])
    expect(facts.environment).toMatchObject({ USER: 'nobody', LOGNAME: 'nobody' })
    expect(facts.environment['HOME']).not.toBe('/root')
    // For every thread: real, effective, saved and file system id, and no capability is left.
    const threads = readdirSync(`/proc/${facts.pid}/task`)
    expect(threads.length).toBeGreaterThan(4)
    for (const thread of threads) {
      const status = readFileSync(`/proc/${facts.pid}/task/${thread}/status`, 'utf8')
      expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m)
      expect(status).toMatch(/^Gid:\t65534\t65534\t65534\t65534$/m)
      expect(status).toMatch(/^CapPrm:\t0+$/m)
    }
    const launcher = readFileSync(`/proc/${server.pid}/status`, 'utf8')
    expect(/^Uid:\t(\d+)/m.exec(launcher)?.[1]).toBe(backend === 'cluster' ? '0' : '65534')
  })

  it.skipIf(!canBindMount)('has the supplementary groups of that user', async () => {
    const { run } = publicApp('facts.js')
    const file = write(
      temporaryFolder(),
      'group',
      `${readFileSync('/etc/group', 'utf8')}lockstep-more:x:54321:nobody\n`,
      0o644,
    )
    await using server = await startLockstep([...run, ...as], {
      through: ['unshare', '--mount', 'sh', '-c', `mount --bind ${file} /etc/group && exec "$@"`, 'sh'],
    })
    expect([...(await factsOf(server.port)).groups].sort()).toEqual([54_321, nobody])
  })

  it('may serve in another group of that name', async () => {
    const { run } = publicApp('facts.js')
    await using server = await startLockstep([...run, ...as, '--group', 'daemon'])
    expect((await factsOf(server.port)).ids).toEqual([nobody, nobody, daemon, daemon])
  })

  it('binds addresses that only root can bind', async () => {
    const { run } = publicApp('facts.js')
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    const path = join(folder, 'of-root.sock')
    await using server = await startLockstep([
      ...[...run, '--backend', backend, '--workers', workers, '--user', 'nobody'],
      ...['--bind', `unix:${path}`, '--socket-mode', '600'],
    ])
    // The socket belongs to the user, so that the process can verify what is served there.
    expect(statSync(path)).toMatchObject({ uid: nobody, gid: nobody })
    expect(JSON.parse(await bodyOf({ socketPath: path }))).toMatchObject({ loadedAs: nobody })
    expect(server.pid).toBeGreaterThan(0)
  })

  it('serves with a key that only root can read', async () => {
    const { run } = publicApp('facts.js')
    const { cert, key } = await pairFiles()
    await using server = await startLockstep([...run, ...as, '--tls-cert', cert, '--tls-key', key])
    await pairFiles({}, join(key, '..'))
    server.signal('SIGHUP')
    if (backend === 'cluster') await server.waitFor('reloaded and in use by every worker')
    else await server.waitFor(/reload failed, and the server goes on: .*permission is denied/)
    const status = await new Promise((resolve, reject) => {
      get(server.url, { rejectUnauthorized: false, agent: false }, ({ statusCode }) =>
        resolve(statusCode),
      ).on('error', reject)
    })
    expect(status).toBe(200)
  })

  it('writes its access log as that user, also in folders where only root can create files', async () => {
    const { run, folder } = publicApp('facts.js')
    const log = join(folder, 'access.log')
    await using server = await startLockstep([...run, ...as, '--access-log', log])
    await factsOf(server.port)
    await waitUntil(() => readFileSync(log, 'utf8').includes('GET /'), { what: 'a line in the log' })
    expect(statSync(log)).toMatchObject({ uid: nobody, gid: nobody })
    expect(statSync(log).mode & 0o777).toBe(0o600)
  })

  it('creates files as that user in folders of that user, because links there could lead anywhere', async () => {
    const { run, folder } = publicApp('facts.js')
    const [own, elsewhere] = [join(folder, 'own'), join(folder, 'elsewhere')]
    for (const each of [own, elsewhere]) mkdirSync(each)
    chownSync(own, nobody, nobody)
    execFileSync('setpriv', ['--reuid=nobody', '--clear-groups', 'ln', '-s', elsewhere, join(own, 'logs')])
    const log = join(own, 'logs/access.log')
    await failedLaunch([...run, '--backend', backend, '--user', 'nobody', '--access-log', log], {
      code: 'LOCKSTEP_ERR_LOG_FILE',
      says: [`The access log ${log} cannot be written by user nobody.`],
    })
    expect(readdirSync(elsewhere)).toEqual([])
    await using server = await startLockstep([...run, ...as, '--access-log', join(own, 'access.log')])
    await factsOf(server.port)
    await waitUntil(() => existsSync(join(own, 'access.log')), { what: 'the log' })
    expect(statSync(join(own, 'access.log')).uid).toBe(nobody)
  })

  it('creates its key log for that user, also at the next start', async () => {
    const { run, folder } = publicApp('facts.js')
    const { cert, key } = await pairFiles()
    const file = join(folder, 'keys.log')
    for (let start = 0; start < 2; start += 1) {
      await using server = await startLockstep([
        ...[...run, ...as, '--tls-cert', cert, '--tls-key', key, '--tls-keylog', file],
      ])
      await waitUntil(() => readFileSync(file, 'utf8').includes('TRAFFIC_SECRET'), { what: 'a secret' })
      expect(statSync(file).uid).toBe(nobody)
      expect(server.pid).toBeGreaterThan(0)
    }
  })

  it('reloads although that user could not have started it', async () => {
    const { run, folder } = publicApp('facts.js')
    mkdirSync(join(folder, 'inner'), { mode: 0o700 })
    const socket = join(folder, 'inner/app.sock')
    await using server = await startLockstep([
      ...[...run, '--backend', backend, '--workers', workers, '--user', 'nobody', '--verify=false'],
      ...[
        '--bind',
        `unix:${socket}`,
        '--socket-owner',
        'daemon',
        '--pid-file',
        join(folder, 'inner/server.pid'),
      ],
    ])
    server.signal('SIGHUP')
    await server.waitFor(backend === 'single' ? 'nothing has changed' : 'every worker was replaced')
  })

  it.each([
    { what: 'an existing access log', mode: 0o600, folderMode: 0o755 },
    { what: 'an access log in a folder that it may not enter', mode: null, folderMode: 0o700 },
  ])('is refused, and so is its check, if that user cannot write $what', async ({ mode, folderMode }) => {
    const { run, folder } = publicApp('facts.js')
    const logs = join(folder, 'logs')
    mkdirSync(logs, { mode: folderMode })
    const log = join(logs, 'access.log')
    if (mode !== null) write(logs, 'access.log', '', mode)
    const says = [
      `The access log ${log} cannot be written by user nobody.`,
      'Set by --access-log.',
      'Give it to that user with chown',
    ]
    const flags = [...run.slice(1), '--backend', backend, '--user', 'nobody', '--access-log', log]
    const code = 'LOCKSTEP_ERR_LOG_FILE'
    await failedLaunch(['check', ...flags], { code, says })
    expect(existsSync(log)).toBe(mode !== null)
    await failedLaunch(['run', ...flags], { code, says })
    if (mode !== null) expect(statSync(log).uid).toBe(0)
    expect(existsSync(log)).toBe(mode !== null)

    write(folder, 'lockstep.config.json', JSON.stringify({ accessLog: { file: log }, user: 'nobody' }))
    const fromFile = { code, says: ['Set by accessLog.file in lockstep.config.json.'], cwd: folder }
    await failedLaunch(['check', ...flags.slice(0, 3)], fromFile)
    await failedLaunch(['run', ...flags.slice(0, 3)], fromFile)
  })

  it('leaves no log behind when that user is refused for another file', async () => {
    const { run, folder } = publicApp('facts.js')
    const { cert, key } = await pairFiles()
    const log = join(folder, 'access.log')
    const keylog = write(folder, 'keys.log', '', 0o600)
    const flags = ['--backend', backend, '--user', 'nobody', '--access-log', log]
    await failedLaunch([...run, ...flags, '--tls-cert', cert, '--tls-key', key, '--tls-keylog', keylog], {
      code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
      says: [`The key log ${keylog} cannot be written by user nobody.`],
    })
    chmodSync(join(folder, 'facts.mjs'), 0o600)
    await failedLaunch([...run, ...flags], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ['cannot be read by user'],
    })
    expect(existsSync(log)).toBe(false)
  })

  it.each(['throws-on-load.js', 'exits-on-load.js'])(
    'leaves no log behind when the app fails: %s',
    async (name) => {
      const { run, folder } = publicApp(name)
      const log = join(folder, 'access.log')
      const { code } = await runLockstep([...run, ...as, '--access-log', log])
      expect(code).toBe(3)
      await waitUntil(() => !existsSync(log), { what: 'the end of the empty log' })
      const served = publicApp('facts.js')
      const kept = join(served.folder, 'access.log')
      await using server = await startLockstep([...served.run, ...as, '--access-log', kept])
      expect(statSync(kept).uid).toBe(nobody)
      server.signal('SIGTERM')
      await server.finished()
      expect(existsSync(kept)).toBe(true)
    },
  )

  it('passes its check if root will create the logs for that user, and the check creates none', async () => {
    const { run, folder } = publicApp('facts.js')
    const { cert, key } = await pairFiles()
    const [log, keylog] = [join(folder, 'access.log'), join(folder, 'keys.log')]
    const { code, stderr } = await runLockstep([
      ...['check', ...run.slice(1), ...as, '--access-log', log],
      ...['--tls-cert', cert, '--tls-key', key, '--tls-keylog', keylog],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect([log, keylog].filter(existsSync)).toEqual([])
  })

  it('is refused when that user cannot read the app', async () => {
    const folder = temporaryFolder()
    const app = join(folder, 'app.mjs')
    copyFileSync(join(fixtures, 'apps/facts.js'), app)
    await failedLaunch(['run', app, '--backend', backend, '--user', 'nobody'], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [`The app ${app} cannot be read by user nobody.`, 'let the user enter its folder'],
    })
  })

  it.skipIf(!isOnPath('setpriv'))('is refused if root lacks the rights to change the user', async () => {
    const { run } = publicApp('facts.js')
    await failedLaunch([...run, '--backend', backend, '--user', 'nobody'], {
      through: ['setpriv', '--bounding-set=-setuid'],
      code: 'LOCKSTEP_ERR_PRIVILEGES_KEPT',
      says: ['The process could not become user nobody (uid 65534, gid 65534) for good:', 'EPERM'],
    })
  })

  it.skipIf(!isOnPath('setpriv'))('is refused when capabilities would outlive the change', async () => {
    const { run, folder } = publicApp('facts.js')
    const log = join(folder, 'access.log')
    await failedLaunch([...run, '--backend', backend, '--user', 'nobody', '--access-log', log], {
      through: ['setpriv', '--securebits=+no_setuid_fixup'],
      code: 'LOCKSTEP_ERR_PRIVILEGES_KEPT',
      says: ['The process could not become user nobody', 'it could become root again'],
    })
    expect(existsSync(log)).toBe(false)
  })
})

describe.skipIf(!isRoot)('a single process that binds before it loads the app', () => {
  it.each([{ scheme: 'http' }, { scheme: 'https' }])(
    'makes early clients wait, and answers them when it is ready: $scheme',
    async ({ scheme }) => {
      const { folder, run } = publicApp('waits-for-gate.js')
      const gate = write(folder, 'gate', '')
      const port = await freePort()
      const { cert, key } = await pairFiles()
      const tls = scheme === 'https' ? ['--tls-cert', cert, '--tls-key', key] : []
      const starting = startLockstep([...run, ...tls, '--user', 'nobody', '--port', String(port)], {
        env: { GATE: gate },
      })
      await waitUntil(() => isAccepted(port), { what: 'a listening port' })
      // It was seen listening, perhaps only during its own test of the address.
      const patience = ['--retry', '15', '--retry-connrefused', '--retry-delay', '1', '--max-time', '15']
      const args = ['-sk', ...patience, `${scheme}://127.0.0.1:${port}/`]
      const early = runProgram('curl', args)
      await waitUntil(() => isConnected(port), { deadlineMs: 20_000, what: 'the early client' })
      rmSync(gate)
      await using server = await starting
      expect(await early).toMatchObject({ code: 0, stdout: String(server.pid) })
    },
  )

  it('releases the port when the app fails', async () => {
    const { run } = publicApp('throws-on-load.js')
    await failedLaunch([...run, '--user', 'nobody'], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ['fails while it is loaded'],
    })
  })
})

/** Whether a process listens there. */
function isAccepted(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1')
      .once('connect', () => {
        probe.destroy()
        resolve(true)
      })
      .once('error', () => resolve(false))
  })
}

/** Whether a client has a connection to that port, by proc(5): state 01, the port on its other end. */
function isConnected(port: number): boolean {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .some((row) => row[2]?.endsWith(remote) && row[3] === '01')
}

describe('another user', () => {
  const run = ['run', join(fixtures, 'apps/facts.js')]

  it.each([
    {
      flags: ['--user', 'nobody-has-this-name'],
      says: 'There is no user nobody-has-this-name on this system (--user).',
    },
    { flags: ['--user', 'nobody', '--group', 'no-such-group'], says: 'There is no group no-such-group' },
    {
      flags: ['--user', '54321'],
      says: 'No user has the number 54321 (--user), so that its group is not known.',
    },
  ])('must exist: $flags', async ({ flags, says }) => {
    await failedLaunch([...run, ...flags], { code: 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN', says: [says] })
  })

  it.each(['a b', 'a:b', ''])('must have a valid name: "%s"', async (name) => {
    await failedLaunch([...run, `--user=${name}`], {
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [`--user must be the name or the number of a user of this system; found "${name}".`],
    })
  })

  it('must be set if a group is set', async () => {
    await failedLaunch([...run, '--group', 'daemon'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [
        '--group has no effect while the process stays root: root bypasses group permissions.',
        'with --user',
      ],
    })
  })

  it('requires root', async () => {
    await failedLaunch([...run, '--user', 'daemon'], {
      ...(isRoot && { uid: nobody }),
      code: 'LOCKSTEP_ERR_NOT_ROOT',
      says: ['Changing to another user (--user) takes root, and this process is user', 'User= in systemd'],
    })
  })

  it('requires root to own a socket', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o777)
    const bind = ['--bind', `unix:${join(folder, 'app.sock')}`]
    await failedLaunch([...run, ...bind, '--socket-owner', 'daemon', '--socket-group', 'daemon'], {
      ...(isRoot && { uid: nobody }),
      ports: [],
      code: ['LOCKSTEP_ERR_NOT_ROOT', 'LOCKSTEP_ERR_NOT_ROOT'],
      says: ['Giving a socket to another user (--socket-owner)', 'Giving a socket to a group of others'],
    })
  })

  it.skipIf(!isRoot)('may be the user that starts the server', async () => {
    await using server = await startLockstep([...run, '--user', 'nobody', '--port', '0'], { uid: nobody })
    expect((await factsOf(server.port)).ids).toEqual([nobody, nobody, nobody, nobody])
  })
})

describe('the folder of --chdir', () => {
  const app = join(fixtures, 'apps/facts.js')

  it('is where relative paths of flags start, and where the app runs', async () => {
    const { folder } = publicApp('facts.js')
    mkdirSync(join(folder, 'inner'))
    const here = join(folder, '..')
    await using server = await startLockstep(
      ['run', './facts.mjs', '--chdir', folder, '--pid-file', 'inner/server.pid', '--port', '0'],
      { cwd: here },
    )
    expect((await factsOf(server.port)).folder).toBe(folder)
    expect(readFileSync(join(folder, 'inner/server.pid'), 'utf8')).toBe(`${server.pid}\n`)
  })

  it('does not change where relative paths of a configuration file start', async () => {
    const { folder } = publicApp('facts.js')
    mkdirSync(join(folder, 'inner'))
    write(folder, 'lockstep.config.json', JSON.stringify({ app: './facts.mjs', chdir: './inner', port: 0 }))
    await using server = await startLockstep(['run'], { cwd: folder })
    expect((await factsOf(server.port)).folder).toBe(join(folder, 'inner'))
  })

  it.each([
    { what: 'is missing', make: (folder: string) => join(folder, 'nowhere'), problem: 'it does not exist' },
    { what: 'is a file', make: (folder: string) => write(folder, 'file', ''), problem: 'it is not a folder' },
  ])('is refused when it $what', async ({ make, problem }) => {
    const folder = make(temporaryFolder())
    await failedLaunch(['run', app, '--chdir', folder], {
      code: 'LOCKSTEP_ERR_FOLDER',
      says: [`Can't change to the folder ${folder} (--chdir): ${problem}.`, 'Name a folder'],
    })
  })

  it.skipIf(!isRoot)('is refused when this user may not enter it', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o700)
    chownSync(folder, 0, 0)
    await failedLaunch(['run', app, '--chdir', folder], {
      uid: nobody,
      code: 'LOCKSTEP_ERR_FOLDER',
      says: [`Can't change to the folder ${folder} (--chdir): permission is denied.`],
    })
  })
})

it.each(['8', '0o99', '07777', 'rwx'])('a umask must be octal: %s', async (umask) => {
  await failedLaunch(['run', join(fixtures, 'apps/facts.js'), '--umask', umask], {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    says: [
      `--umask must be the permissions that new files do not get, such as 027, in octal digits as text; found "${umask}".`,
    ],
  })
})
