// Every file that root obeys or executes must belong to root. Otherwise the launch is refused before any of them is used.
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'
import {
  daemonUid,
  foreignFolder,
  isRoot,
  marking,
  nobodyUid,
  publicFolder,
  refused,
  untrusted,
} from './root-trust/refused-launches.ts'

describe.skipIf(!isRoot)('started by root', () => {
  it.each(refused)('$name is refused', async ({ make }) => {
    const given = publicFolder()
    const { args, verb = 'run', atFault, says = '', ...options } = await make(given)
    const { code, says: common } = untrusted(atFault)
    await failedLaunch([verb, ...args], { code, says: [...common, says], ...options })
    expect(existsSync(given.mark)).toBe(false)
  })

  it.each([['plan'], ['check']])('%s runs nothing from a folder of another user either', async (command) => {
    const { folder, app, mark } = publicFolder()
    const cwd = foreignFolder(folder)
    write(cwd, 'lockstep.config.cjs', marking(mark, 'module.exports = {}'))
    const { code, stderr } = await runLockstep([command, app], { cwd })
    expect([code, stderr]).toEqual([6, expect.stringContaining('[LOCKSTEP_ERR_UNTRUSTED_FILE]')])
    expect(existsSync(mark)).toBe(false)
  })

  it.each([[['ps']], [['stop']], [['cert', 'create', 'localhost']], [['cert', 'trust']]])(
    '%s uses no folder of another user, who could impersonate a server or the local CA',
    async (words) => {
      const { folder } = publicFolder()
      const theirs = foreignFolder(folder)
      const { code, stderr } = await runLockstep(words, {
        cwd: folder,
        env: { XDG_RUNTIME_DIR: theirs, XDG_DATA_HOME: theirs },
      })
      expect([code, stderr]).toEqual([
        6,
        expect.stringContaining(`the folder ${theirs} belongs to another user`),
      ])
      expect(readdirSync(theirs)).toEqual([])
    },
  )

  it('names every entry of a path that needs a cure, as commands to paste', async () => {
    const { folder, app } = publicFolder()
    const theirs = join(folder, "it's theirs")
    mkdirSync(theirs)
    chownSync(theirs, nobodyUid, nobodyUid)
    const file = write(theirs, 'shop.json', '{}')
    chmodSync(file, 0o664)
    chownSync(file, 0, daemonUid)
    const quoted = theirs.replace("'", "'\\''")
    await failedLaunch(['run', app, '--config', file], {
      code: 'LOCKSTEP_ERR_UNTRUSTED_FILE',
      says: [`Run chown 0:0 '${quoted}' && chmod go-w '${quoted}/shop.json'; or keep it in a folder of root`],
    })
  })

  it.each(['single', 'cluster'])(
    'an app of the user that serves is loaded as that user (%s)',
    async (backend) => {
      const { folder, app } = publicFolder()
      const theirs = join(foreignFolder(folder), 'app.mjs')
      copyFileSync(app, theirs)
      const args = ['run', theirs, '--backend', backend, '--port', '0', '--user', 'nobody']
      await using server = await startLockstep(args, { cwd: join(folder, 'theirs') })
      expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ loadedAs: nobodyUid })
    },
  )

  it('a program of the user that serves is started as that user, in a folder of that user', async () => {
    const { folder } = publicFolder()
    const cwd = foreignFolder(folder)
    const script = write(
      cwd,
      'server.mjs',
      `import { createServer } from 'node:http'
createServer((_, response) => response.end(String(process.getuid()))).listen(process.env.PORT, process.env.HOST)
`,
    )
    chownSync(script, nobodyUid, nobodyUid)
    const args = ['exec', '--port', '0', '--user', 'nobody', '--', process.execPath, script]
    await using server = await startLockstep(args, { cwd })
    expect((await exchange(server.url)).body).toBe(String(nobodyUid))
  })

  it('files that the group root may write to are obeyed, because a umask of 002 creates such files', async () => {
    const { folder, app } = publicFolder()
    for (const file of [
      folder,
      app,
      write(folder, 'lockstep.config.json', '{"port":0}'),
      write(folder, '.env', 'A=b\n'),
    ])
      chmodSync(file, file === folder ? 0o775 : 0o664)
    await using server = await startLockstep(['run', app], { cwd: folder })
    expect((await exchange(server.url)).status).toBe(200)
  })

  it('files of the user who called sudo are obeyed, unless that user serves', async () => {
    const { folder, app } = publicFolder()
    const cwd = foreignFolder(folder)
    const file = write(cwd, 'lockstep.config.json', '{}')
    chownSync(file, nobodyUid, nobodyUid)
    const env = { SUDO_UID: String(nobodyUid) }
    {
      await using server = await startLockstep(['run', app, '--port', '0'], { cwd, env })
      expect((await exchange(server.url)).status).toBe(200)
    }
    await failedLaunch(['run', app, '--user', 'nobody'], { cwd, env, ...untrusted(file) })
    await failedLaunch(['run', app], { cwd, env: { SUDO_UID: String(daemonUid) }, ...untrusted(file) })
  })

  it('NODE_OPTIONS of an environment file is not obeyed by a worker that is still root', async () => {
    const { folder, app, mark } = publicFolder()
    const preload = write(folder, 'pre.cjs', marking(mark), 0o644)
    write(folder, '.env', `NODE_OPTIONS=--require=${preload}\n`)
    await failedLaunch(['run', app, '--backend', 'cluster', '--user', 'nobody'], {
      cwd: folder,
      code: 'LOCKSTEP_ERR_NODE_OPTIONS_AS_ROOT',
      says: [`--require=${preload}`, 'while that is still root', 'Import such modules in the app'],
    })
    expect(existsSync(mark)).toBe(false)
    write(folder, '.env', 'NODE_OPTIONS=--max-old-space-size=512\n')
    const args = ['run', app, '--backend', 'cluster', '--port', '0', '--user', 'nobody']
    await using server = await startLockstep(args, { cwd: folder })
    expect((await exchange(server.url)).status).toBe(200)
  })

  it('an app in the configuration file itself is refused with another user, because root has loaded it', async () => {
    const { folder } = publicFolder()
    write(folder, 'lockstep.config.mjs', 'export default { app: (request, response) => response.end() }')
    await failedLaunch(['run', '--user', 'nobody'], {
      cwd: folder,
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['root has loaded it before', 'Write the app as a module of its own'],
    })
  })
})

describe.skipIf(!isRoot)('at a reload, root', () => {
  it.each([
    { planted: 'lockstep.config.cjs', text: (mark: string) => marking(mark, 'module.exports = {}') },
    { planted: '.env', text: (mark: string) => `LOCKSTEP_TLS_PASSPHRASE_COMMAND=id -u > ${mark}; echo x\n` },
  ])('does not obey $planted that the serving user has put there', async ({ planted, text }) => {
    const { folder, app, mark } = publicFolder()
    const cwd = foreignFolder(folder)
    const { cert, key, fingerprint256 } = await pairFiles()
    const args = [
      'run',
      app,
      '--workers',
      '2',
      '--port',
      '0',
      '--user',
      'nobody',
      '--cert',
      cert,
      '--key',
      key,
    ]
    await using server = await startLockstep(args, { cwd })
    chownSync(write(cwd, planted, text(mark)), nobodyUid, nobodyUid)
    server.signal('SIGHUP')
    await server.waitFor(/reload failed, and the server goes on: .*would be (executed|obeyed) by root/)
    // The certificate is renewed, and the launcher reloads it automatically.
    await pairFiles({}, join(key, '..'))
    await waitUntil(() => server.stderr().split('reload failed').length > 2, { what: 'the second reload' })
    expect(existsSync(mark)).toBe(false)
    expect(fingerprint256).toBeTruthy()
  })

  it('no longer obeys a file whose owner or mode has changed', async () => {
    const { folder, app } = publicFolder()
    const file = write(folder, 'lockstep.config.json', '{"port":0}')
    await using server = await startLockstep(['run', app], { cwd: folder })
    chmodSync(file, 0o646)
    server.signal('SIGHUP')
    await server.waitFor(/reload failed.*can be changed by every user \(mode 0646\)/)
    chmodSync(file, 0o644)
    server.signal('SIGHUP')
    await server.waitFor(/reloaded/)
    expect((await exchange(server.url)).status).toBe(200)
  })

  it('loads code of a configuration file as the serving user, and accepts no new command from it', async () => {
    const { folder, app } = publicFolder()
    const { cert, key } = await pairFiles()
    const own = join(folder, 'mark')
    mkdirSync(own)
    chmodSync(own, 0o777)
    const mark = join(own, 'ran')
    appendFileSync(mark, '')
    chmodSync(mark, 0o666)
    const put = (tls: object): string =>
      write(
        folder,
        'lockstep.config.cjs',
        marking(
          mark,
          `module.exports = ${JSON.stringify({ port: 0, tls: { cert, key, watch: false, ...tls } })}`,
        ),
        0o644,
      )
    put({})
    await using server = await startLockstep(['run', app, '--workers', '2', '--user', 'nobody'], {
      cwd: folder,
    })
    put({ minVersion: 'TLSv1.3' })
    server.signal('SIGHUP')
    await server.waitFor(/"config":"loaded".*reloaded and in use by every worker/)
    expect(readFileSync(mark, 'utf8')).toBe('0\n65534\n')
    const made = join(folder, 'made')
    put({ passphraseCommand: `id -u > ${made}; echo x` })
    server.signal('SIGHUP')
    await server.waitFor(
      /reload failed.*A passphrase command in tls\.passphraseCommand in lockstep\.config\.cjs has changed/,
    )
    expect(readFileSync(mark, 'utf8')).toBe('0\n65534\n65534\n')
    expect(existsSync(made)).toBe(false)
  })
})
