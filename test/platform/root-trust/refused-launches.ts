// Launches by root that a file of another user ends.
import { chmodSync, chownSync, copyFileSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { clientAuthority, pairFiles, write } from '../../support/certificates.ts'
import { fixtures, type StartOptions } from '../../support/lockstep.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export const isRoot = process.getuid?.() === 0
export const [nobodyUid, daemonUid] = [65_534, 1]

/** A folder that all users may enter, with an app that all users may read. */
export function publicFolder(): { folder: string; app: string; mark: string } {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const app = join(folder, 'app.mjs')
  copyFileSync(join(fixtures, 'apps/facts.js'), app)
  return { folder, app, mark: join(folder, 'ran') }
}

/** A folder in it that belongs to the user nobody. */
export function foreignFolder(within: string): string {
  const folder = join(within, 'theirs')
  mkdirSync(folder)
  chownSync(folder, nobodyUid, nobodyUid)
  return folder
}

/** Code that leaves a marker with the user that runs it. */
export const marking = (mark: string, rest = ''): string =>
  `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.getuid() + '\\n'); ${rest}\n`

export const untrusted = (path: string): { code: string; says: string[] } => ({
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

export const refused: readonly Refused[] = [
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
      chownSync(file, daemonUid, daemonUid)
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
      chownSync(file, daemonUid, daemonUid)
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
      chownSync(file, daemonUid, daemonUid)
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
      lchownSync(link, nobodyUid, nobodyUid)
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
      chownSync(file, nobodyUid, nobodyUid)
      return { args: [app], cwd: folder, env: { SUDO_UID: String(nobodyUid) }, atFault: file }
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
      chownSync(python, nobodyUid, nobodyUid)
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
