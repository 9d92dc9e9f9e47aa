import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { killProcess } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** An app that starts a Node process for each request, as apps do with `child_process.fork()`. */
const appText = `import { spawnSync } from 'node:child_process'
export default (_, response) => {
  const { stdout } = spawnSync(process.execPath, ['-p', '6 * 7'], { encoding: 'utf8' })
  response.end(JSON.stringify({ pid: process.pid, answer: Number(stdout) }))
}
`

function appFile(): string {
  const file = join(temporaryFolder(), 'app.mjs')
  writeFileSync(file, appText)
  return file
}

const seen = async ({ port }: Started): Promise<{ pid: number; answer: number }> =>
  JSON.parse(await bodyOf({ port })) as never

/** A copy that replaces the Node of the tests. */
const by = (...program: readonly string[]): string[] => [
  'sh',
  '-c',
  `shift; exec ${program.join(' ')} "$@"`,
  'sh',
]
const cluster = ['--port', '0', '--backend', 'cluster']

describe.skipIf(process.platform !== 'linux')('a Node executable', () => {
  it.each([
    ['removed', (file: string) => rmSync(file)],
    [
      'replaced by another one',
      (file: string) => {
        rmSync(file)
        copyFileSync('/bin/sh', file)
      },
    ],
  ])('that was %s still runs new workers, and the processes that they start', async (_, change) => {
    const node = join(temporaryFolder(), 'node')
    copyFileSync(process.execPath, node)
    await using server = await startLockstep(['run', appFile(), ...cluster], { through: by(node) })
    const { pid } = await seen(server)
    change(node)
    killProcess(pid)
    await waitUntil(async () => (await seen(server)).pid !== pid, { what: 'another worker' })
    expect(await seen(server)).toMatchObject({ answer: 42 })
    server.signal('SIGHUP')
    await server.waitFor('every worker was replaced')
    expect(server.stderr()).not.toContain('"level":"error"')
  })
})

const withoutProc = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs none /proc && exec "$@"',
  'sh',
] as const
const cannotUnmount = spawnSync(withoutProc[0], [...withoutProc.slice(1), 'true']).status !== 0

it.skipIf(cannotUnmount)(
  'a removed Node executable is named in the error if the system does not keep it',
  async () => {
    const node = join(temporaryFolder(), 'node')
    copyFileSync(process.execPath, node)
    await using server = await startLockstep(['run', appFile(), ...cluster, '--workers', '2'], {
      through: [...withoutProc, ...by(node)],
    })
    rmSync(node)
    server.signal('SIGHUP')
    await server.waitFor(
      new RegExp(`reload failed.*The program of Node, ${node}, was removed while this server runs`),
    )
  },
)

/** The packages as they are installed, in a separate folder. */
function install(): { command: string; core: string; putCore(): void } {
  const root = temporaryFolder()
  const packages = fileURLToPath(new URL('../../packages/', import.meta.url))
  const put = (name: string, to: string): void => {
    mkdirSync(to, { recursive: true })
    for (const part of ['package.json', 'dist', ...(name === 'cli' ? ['bin'] : [])])
      cpSync(join(packages, name, part), join(to, part), { recursive: true })
  }
  const [cli, core] = [join(root, 'node_modules/lockstep'), join(root, 'node_modules/@lockstep/core')]
  const putCore = (): void => {
    put('core', core)
    symlinkSync(join(packages, 'core/node_modules'), join(core, 'node_modules'))
  }
  put('cli', cli)
  putCore()
  symlinkSync(join(packages, 'certs'), join(root, 'node_modules/@lockstep/certs'))
  symlinkSync(join(packages, 'external'), join(root, 'node_modules/@lockstep/external'))
  return { command: join(cli, 'bin/lockstep.js'), core, putCore }
}

describe('the files of Lockstep', () => {
  const start = async (command: string, ...args: readonly string[]): Promise<Started> =>
    startLockstep(['run', appFile(), '--port', '0', ...args], {
      through: ['sh', '-c', `node=$1; shift 2; exec "$node" ${command} "$@"`, 'sh'],
    })

  it.each([
    ['removed', (core: string) => rmSync(core, { recursive: true })],
    [
      'replaced',
      (core: string) => {
        const entry = readdirSync(join(core, 'dist')).find((name) => /^worker-entry.*\.js$/.test(name))
        appendFileSync(join(core, 'dist', entry ?? ''), '\n// of another version\n')
      },
    ],
  ])(
    'that were %s while a server runs are named as the reason why no worker starts',
    async (what, change) => {
      const { command, core } = install()
      await using server = await start(command, '--workers', '2')
      const { pid } = await seen(server)
      change(core)
      server.signal('SIGHUP')
      const reason = new RegExp(`The files of Lockstep in ${core}/dist were ${what} while this server runs`)
      await server.waitFor(new RegExp(`reload failed.*${reason.source}`))
      killProcess(pid)
      await server.waitFor(new RegExp(`worker \\d failed to start.*${reason.source}`))
      expect(server.stderr()).toContain('LOCKSTEP_ERR_INSTALLATION_CHANGED')
      expect(await seen(server)).toMatchObject({ answer: 42 })
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )

  it('that were installed again are accepted', async () => {
    const { command, core, putCore } = install()
    await using server = await start(command, '--workers', '2')
    rmSync(core, { recursive: true })
    putCore()
    server.signal('SIGHUP')
    await server.waitFor('every worker was replaced')
  })

  it.each(['1', '2'])(
    'that were removed are named as the reason why a configuration file with code is not loaded (%s workers)',
    async (workers) => {
      const { command, core } = install()
      const config = join(temporaryFolder(), 'lockstep.config.mjs')
      writeFileSync(config, `export default { workers: ${workers} }\n`)
      await using server = await start(command, '--config', config)
      rmSync(core, { recursive: true })
      server.signal('SIGHUP')
      await server.waitFor(/reload failed.*The files of Lockstep in .* were removed while this server runs/)
      expect(await seen(server)).toMatchObject({ answer: 42 })
    },
  )
})
