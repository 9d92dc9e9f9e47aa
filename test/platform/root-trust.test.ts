// Every file that root obeys or executes must belong to root. Otherwise the launch is refused before any of them is used.
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const isRoot = process.getuid?.() === 0
const [nobody, daemon] = [65_534, 1]

/** A folder that all users may enter, with an app that all users may read. */
function publicFolder(): { folder: string; app: string; mark: string } {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const app = join(folder, 'app.mjs')
  copyFileSync(join(fixtures, 'apps/facts.js'), app)
  return { folder, app, mark: join(folder, 'ran') }
}

/** A folder in it that belongs to the user nobody. */
function foreignFolder(within: string): string {
  const folder = join(within, 'theirs')
  mkdirSync(folder)
  chownSync(folder, nobody, nobody)
  return folder
}

/** Code that leaves a marker with the user that runs it. */
const marking = (mark: string, rest = ''): string =>
  `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.getuid() + '\\n'); ${rest}\n`

const untrusted = (path: string): { code: string; says: string[] } => ({
  code: 'LOCKSTEP_ERR_UNTRUSTED_FILE',
  says: [path, 'would be', 'by root', 'docs/security.md'],
})

interface Refused {
  readonly name: string
  /** Creates the files. Returns how to start the server, and the path at fault. */
  make(given: ReturnType<typeof publicFolder>): Promise<RefusedLaunch> | RefusedLaunch
}

interface RefusedLaunch extends StartOptions {
  readonly args: readonly string[]
  /** Default: `run`. */
  readonly verb?: string
  readonly atFault: string
  readonly says?: string
}

const refused: readonly Refused[] = [
  {
    name: 'a configuration file in a folder of the user that serves',
    make: ({ folder, app, mark }) => {
      const cwd = foreignFolder(folder)
      write(cwd, 'lockstep.config.cjs', marking(mark, 'module.exports = {}'))
      return {
        args: [app, '--user', 'nobody'],
        cwd,
        atFault: `the folder ${cwd} belongs to another user (uid 65534`,
      }
    },
  },
  {
    name: 'a configuration file that another user owns',
    make: ({ folder, app, mark }) => {
      const file = write(folder, 'lockstep.config.cjs', marking(mark, 'module.exports = {}'))
      chownSync(file, daemon, daemon)
      return { args: [app], cwd: folder, atFault: file, says: `chown 0:0 ${file}` }
    },
  },
  {
    name: 'a configuration file that every user may write to',
    make: ({ folder, app, mark }) => {
      const file = write(folder, 'shop.cjs', marking(mark, 'module.exports = {}'))
      chmodSync(file, 0o666)
      return { args: [app, '--config', file], atFault: file, says: `chmod go-w ${file}` }
    },
  },
  {
    name: 'a package.json that another user owns',
    make: ({ folder, app }) => {
      const file = write(folder, 'package.json', JSON.stringify({ main: app }))
      chownSync(file, daemon, daemon)
      return { args: [folder], atFault: file, says: `chown 0:0 ${file}` }
    },
  },
  {
    name: 'a package.json of the user that serves, when it sets variables',
    make: ({ folder, app }) => {
      const start = `LD_PRELOAD=/tmp/theirs.so node ${app}`
      const file = write(folder, 'package.json', JSON.stringify({ scripts: { start } }))
      chownSync(file, 65_534, 65_534)
      return { args: [folder, '--user', 'nobody'], atFault: file }
    },
  },
  {
    name: 'a module that another user owns and that is imported before the app',
    make: ({ folder, app, mark }) => {
      const file = write(folder, 'trace.cjs', marking(mark, 'module.exports = {}'))
      chownSync(file, daemon, daemon)
      return { args: [app, '--import', file], atFault: file }
    },
  },
  {
    name: 'a configuration file of data in a folder that every user may write to',
    make: ({ folder, app }) => {
      chmodSync(folder, 0o777)
      write(folder, 'lockstep.config.json', '{}')
      return {
        args: [app],
        cwd: folder,
        atFault: `the folder ${folder} can be changed by every user (mode 0777)`,
      }
    },
  },
  {
    name: 'a configuration file behind a link of another user',
    make: ({ folder, app }) => {
      const [file, link] = [write(folder, 'real.json', '{}'), join(folder, 'lockstep.config.json')]
      symlinkSync(file, link)
      lchownSync(link, nobody, nobody)
      return { args: [app], cwd: folder, atFault: link, says: `chown -h 0:0 ${link}` }
    },
  },
  {
    name: 'a configuration file to which a link leads through a folder of another user',
    make: ({ folder, app }) => {
      const theirs = foreignFolder(folder)
      mkdirSync(join(theirs, 'inner'))
      write(join(theirs, 'inner'), 'real.json', '{}')
      symlinkSync('theirs/inner/../inner/real.json', join(folder, 'lockstep.config.json'))
      return { args: [app], cwd: folder, atFault: `the folder ${theirs} belongs` }
    },
  },
  {
    name: 'an environment file in a folder of the user that serves',
    make: ({ folder, app, mark }) => {
      const cwd = foreignFolder(folder)
      write(cwd, '.env', `LOCKSTEP_TLS_PASSPHRASE_COMMAND=id -u > ${mark}; echo x\n`)
      return { args: [app, '--user', 'nobody'], cwd, atFault: `the folder ${cwd} belongs` }
    },
  },
  {
    name: 'an environment file that names its owner as the user that serves, who used sudo',
    make: ({ folder, app }) => {
      const file = write(folder, '.env', 'LOCKSTEP_USER=nobody\n')
      chownSync(file, nobody, nobody)
      return { args: [app], cwd: folder, env: { SUDO_UID: String(nobody) }, atFault: file }
    },
  },
  {
    name: 'an app that root itself would run',
    make: ({ folder, app }) => {
      const theirs = join(foreignFolder(folder), 'app.mjs')
      copyFileSync(app, theirs)
      return { args: [theirs], atFault: `The app ${theirs}`, says: 'with --user' }
    },
  },
  {
    name: 'a backend that is a module',
    make: ({ folder, app, mark }) => {
      const file = write(foreignFolder(folder), 'backend.cjs', marking(mark))
      return { args: [app, '--user', 'nobody', '--backend', file], atFault: `The backend ${file}` }
    },
  },
  {
    name: 'a client CA',
    make: async ({ folder, app }) => {
      const { cert, key } = await pairFiles()
      const ca = write(foreignFolder(folder), 'ca.pem', (await clientAuthority()).caPem, 0o644)
      return {
        args: [app, '--cert', cert, '--key', key, '--tls-ca', ca, '--tls-client-auth', 'require'],
        atFault: `The client CA ${ca}`,
      }
    },
  },
  {
    name: 'a script in a passphrase command',
    make: async ({ folder, app, mark }) => {
      const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
      const script = write(foreignFolder(folder), 'pass.sh', `id -u >> ${mark}; echo hunter2\n`)
      return {
        args: [app, '--cert', cert, '--key', key, '--tls-passphrase-command', `sh "${script}"`],
        atFault: script,
      }
    },
  },
  {
    name: 'a program of a passphrase command that is found on the path',
    make: async ({ folder, app, mark }) => {
      const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
      const theirs = foreignFolder(folder)
      const script = write(theirs, 'getpass', `#!/bin/sh\nid -u >> ${mark}; echo hunter2\n`, 0o755)
      return {
        args: [app, '--cert', cert, '--key', key, '--tls-passphrase-command', 'A=b getpass -q'],
        env: { PATH: `${theirs}:${process.env['PATH']}` },
        atFault: script,
      }
    },
  },
  {
    name: 'a preload of NODE_OPTIONS',
    make: ({ folder, app }) => {
      const file = write(foreignFolder(folder), 'pre.cjs', '', 0o644)
      return {
        args: [app, '--user', 'nobody'],
        env: { NODE_OPTIONS: `--require "${file}"` },
        atFault: `The preload ${file}`,
      }
    },
  },
  {
    name: 'a folder for the PID file',
    make: ({ folder, app }) => {
      const file = join(foreignFolder(folder), 'app.pid')
      return { args: [app, '--user', 'nobody', '--pid-file', file], atFault: `The PID file ${file}` }
    },
  },
  {
    name: 'a folder for an access log that root itself would write',
    make: ({ folder, app }) => {
      const file = join(foreignFolder(folder), 'access.log')
      return { args: [app, '--access-log', file], atFault: `The access log ${file}` }
    },
  },
  {
    name: 'a folder for the control socket',
    make: ({ folder, app }) => {
      const theirs = foreignFolder(folder)
      return {
        args: [app],
        env: { XDG_RUNTIME_DIR: theirs },
        atFault: `The control folder ${theirs}/lockstep`,
        says: '--no-control',
      }
    },
  },
  {
    name: 'a program',
    make: ({ folder, mark }) => {
      const program = write(foreignFolder(folder), 'server', `#!/bin/sh\necho ran >> ${mark}\n`)
      chmodSync(program, 0o755)
      return { verb: 'exec', args: ['--', program], atFault: `The file in the command ${program}` }
    },
  },
  {
    name: 'a script that a program is started with',
    make: ({ folder, mark }) => {
      const script = write(foreignFolder(folder), 'server.sh', `echo ran >> ${mark}\n`)
      return { verb: 'exec', args: ['--', 'sh', script], atFault: `The file in the command ${script}` }
    },
  },
  {
    name: 'a Python app',
    make: ({ folder, mark }) => {
      const file = write(foreignFolder(folder), 'main.py', `open(${JSON.stringify(mark)}, 'w').close()\n`)
      return { args: [`${file}:app`], atFault: `The app ${file}` }
    },
  },
  {
    name: 'the Python of a virtual environment beside a Python app',
    make: ({ folder, mark }) => {
      write(folder, 'main.py', '')
      mkdirSync(join(folder, '.venv/bin'), { recursive: true })
      const python = write(folder, '.venv/bin/python', `#!/bin/sh\necho ran >> ${mark}\n`)
      chmodSync(python, 0o755)
      chownSync(python, nobody, nobody)
      return { args: ['main:app'], cwd: folder, atFault: `The Python ${python}` }
    },
  },
  {
    name: 'a folder for the local CA',
    make: ({ folder, app }) => {
      const theirs = foreignFolder(folder)
      return {
        args: [app, '--tls-self-signed'],
        env: { XDG_DATA_HOME: theirs },
        atFault: `The folder of the local CA ${theirs}/lockstep`,
      }
    },
  },
]

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
    chownSync(theirs, nobody, nobody)
    const file = write(theirs, 'shop.json', '{}')
    chmodSync(file, 0o664)
    chownSync(file, 0, daemon)
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
      expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ loadedAs: nobody })
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
    chownSync(script, nobody, nobody)
    const args = ['exec', '--port', '0', '--user', 'nobody', '--', process.execPath, script]
    await using server = await startLockstep(args, { cwd })
    expect((await exchange(server.url)).body).toBe(String(nobody))
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
    chownSync(file, nobody, nobody)
    const env = { SUDO_UID: String(nobody) }
    {
      await using server = await startLockstep(['run', app, '--port', '0'], { cwd, env })
      expect((await exchange(server.url)).status).toBe(200)
    }
    await failedLaunch(['run', app, '--user', 'nobody'], { cwd, env, ...untrusted(file) })
    await failedLaunch(['run', app], { cwd, env: { SUDO_UID: String(daemon) }, ...untrusted(file) })
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
    chownSync(write(cwd, planted, text(mark)), nobody, nobody)
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

describe('the code of a configuration file', () => {
  const configured = async (): Promise<{
    cwd: string
    mark: string
    key: string
    put(rest: string): void
  }> => {
    const cwd = temporaryFolder()
    const { cert, key } = await pairFiles()
    const mark = join(cwd, 'ran')
    const put = (rest: string): void =>
      void write(
        cwd,
        'lockstep.config.cjs',
        `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.pid + '\\n'); module.exports = { port: 0, tls: { cert: ${JSON.stringify(cert)}, key: ${JSON.stringify(key)} }, ${rest} }\n`,
      )
    put('')
    return { cwd, mark, key, put }
  }
  const runs = (mark: string): string[] => readFileSync(mark, 'utf8').trim().split('\n')

  it.each(['single', 'cluster'])('does not run for an automatic renewal (%s)', async (backend) => {
    const { cwd, mark, key } = await configured()
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js'), '--backend', backend], {
      cwd,
    })
    await pairFiles({}, join(key, '..'))
    await server.waitFor('reloaded and in use by every worker')
    expect(runs(mark)).toEqual([String(server.pid)])
    expect(server.stderr()).toMatch(/"config":"kept".*reloaded and in use/)
  })

  it('runs at a reload in a separate process, which then exits, and its functions stay those of the start', async () => {
    const { cwd, mark, put } = await configured()
    const said = join(cwd, 'said')
    const hook = (word: string): string =>
      `hooks: { beforeStop() { require('node:fs').appendFileSync(${JSON.stringify(said)}, '${word}') } }`
    put(hook('old'))
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js')], { cwd })
    put(`${hook('new')}, name: undefined`)
    server.signal('SIGHUP')
    await server.waitFor(/reloaded/)
    const [first, second] = runs(mark)
    expect([first, second === first]).toEqual([String(server.pid), false])
    await waitUntil(() => server.processes().length === 1, { what: 'the end of its process' })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(readFileSync(said, 'utf8')).toBe('old')
  })

  it('that was not there at the start does not run later', async () => {
    const cwd = temporaryFolder()
    const mark = join(cwd, 'ran')
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js'), '--port', '0'], { cwd })
    write(cwd, 'lockstep.config.cjs', marking(mark, 'module.exports = {}'))
    server.signal('SIGHUP')
    await server.waitFor('was not read at the start, and its code would run now')
    expect(existsSync(mark)).toBe(false)
  })

  it('that fails at a reload changes nothing', async () => {
    const { cwd, put } = await configured()
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js')], { cwd })
    put('...(() => { throw new Error("of the file") })()')
    server.signal('SIGHUP')
    await server.waitFor(/reload failed.*lockstep\.config\.cjs cannot be read: of the file/)
    put('...process.exit(3)')
    server.signal('SIGHUP')
    await server.waitFor(/reload failed.*ended without an answer/)
  })
})
