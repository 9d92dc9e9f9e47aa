import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLockstep, type Started, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { killProcess } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** A module that answers with its release and its current folder. */
const app = (release: number): string => `
const folder = () => { try { return process.cwd() } catch (error) { return error.code } }
export default (_, response) => response.end(JSON.stringify({ release: ${release}, folder: folder(), pid: process.pid }))
`

/** As Capistrano and PM2 deploy: `current` is a link to one of the releases. */
function releases() {
  const root = temporaryFolder()
  const folder = (release: number): string => join(root, 'releases', String(release))
  for (const release of [1, 2]) {
    mkdirSync(folder(release), { recursive: true })
    writeFileSync(join(folder(release), 'app.mjs'), app(release))
    writeFileSync(join(folder(release), 'lockstep.config.json'), '{ "app": "./app.mjs", "port": 0 }')
  }
  const current = join(root, 'current')
  symlinkSync('releases/1', current)
  return {
    current,
    folder,
    deploy({ removesOld }: { removesOld: boolean }) {
      symlinkSync('releases/2', join(root, 'next'))
      renameSync(join(root, 'next'), current)
      if (removesOld) rmSync(folder(1), { recursive: true })
    },
  }
}

/** On a new connection, because an old worker keeps serving its own. */
const seen = async ({ port }: Started): Promise<{ release: number; folder: string; pid: number }> =>
  JSON.parse(await bodyOf({ port })) as never

/** Each has its arguments and the folder where they are used. The shell keeps in PWD the name by which the folder was entered. */
const ways: Record<string, (current: string) => { args: readonly string[]; options: StartOptions }> = {
  'inside the folder': (current) => ({
    args: ['app.mjs', '--port', '0'],
    options: { cwd: current, env: { PWD: current } },
  }),
  'inside the folder, with a configuration file in it': (current) => ({
    args: [],
    options: { cwd: current, env: { PWD: current } },
  }),
  'with --config': (current) => ({
    args: ['--config', join(current, 'lockstep.config.json')],
    options: { cwd: '/' },
  }),
  'with --chdir': (current) => ({
    args: ['app.mjs', '--port', '0', '--chdir', current],
    options: { cwd: '/' },
  }),
}

describe.each(Object.entries(ways))(
  'a server that was started %s of a release behind a link',
  (name, way) => {
    const entersFolder = name !== 'with --config'

    it.each([true, false])('loads the new release at a reload (old one removed: %s)', async (removesOld) => {
      const { current, folder, deploy } = releases()
      const { args, options } = way(current)
      await using server = await startLockstep(['run', ...args, '--workers', '2'], options)
      expect(await seen(server)).toMatchObject({ release: 1, ...(entersFolder && { folder: folder(1) }) })
      deploy({ removesOld })
      server.signal('SIGHUP')
      await server.waitFor('every worker was replaced')
      // An old worker may have accepted a connection before it left.
      let last = await seen(server)
      await waitUntil(
        async () => {
          last = await seen(server)
          return last.release === 2
        },
        { what: 'release 2' },
      )
      if (entersFolder) expect(last).toMatchObject({ folder: folder(2) })
      expect(server.stderr()).not.toMatch(/died|"level":"error"/)
    })

    it('replaces a dead worker after the old release was removed', async () => {
      const { current, deploy } = releases()
      const { args, options } = way(current)
      await using server = await startLockstep(
        ['run', ...args, '--workers', '1', '--backend', 'cluster'],
        options,
      )
      const { pid } = await seen(server)
      deploy({ removesOld: true })
      killProcess(pid, 'SIGKILL')
      expect(await seen(server)).toMatchObject({ release: 2 })
    })

    it('keeps serving as one process, and reads its sources again, after the old release was removed', async () => {
      const { current, deploy } = releases()
      const { args, options } = way(current)
      await using server = await startLockstep(['run', ...args, '--workers', '1'], options)
      deploy({ removesOld: true })
      server.signal('SIGHUP')
      await server.waitFor('nothing has changed')
      expect(await seen(server)).toMatchObject({ release: 1 })
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    })

    it('refuses a reload that does not find its app, and keeps serving', async () => {
      const { current, folder, deploy } = releases()
      const { args, options } = way(current)
      await using server = await startLockstep(['run', ...args, '--workers', '2'], options)
      rmSync(join(folder(2), 'app.mjs'))
      deploy({ removesOld: true })
      server.signal('SIGHUP')
      await server.waitFor(/reload failed[\s\S]*There is no app at .*app\.mjs\. Tried .*current\/app\.mjs/)
      expect(await seen(server)).toMatchObject({ release: 1 })
    })
  },
)

it('a reload reports that the file of the app was renamed', async () => {
  const { current, folder, deploy } = releases()
  await using server = await startLockstep([
    'run',
    'app',
    '--port',
    '0',
    '--workers',
    '2',
    '--chdir',
    current,
  ])
  renameSync(join(folder(2), 'app.mjs'), join(folder(2), 'app.js'))
  deploy({ removesOld: false })
  server.signal('SIGHUP')
  await server.waitFor(/reload failed[\s\S]*The app was .*app\.mjs at the start and is .*app\.js now/)
  expect(await seen(server)).toMatchObject({ release: 1 })
})

/** A folder that is removed while a server runs in it, and an app elsewhere. */
function goingFolder() {
  const root = temporaryFolder()
  const [file, folder] = [join(root, 'app.mjs'), join(root, 'folder')]
  writeFileSync(file, app(1))
  mkdirSync(folder)
  return { file, folder, remove: () => rmSync(folder, { recursive: true }) }
}

describe.each(['1', '2'])('in a folder that was removed (%s workers)', (workers) => {
  it('a server starts', async () => {
    const { file, folder, remove } = goingFolder()
    await using server = await startLockstep(['run', file, '--port', '0', '--workers', workers], {
      cwd: folder,
      through: ['sh', '-c', 'rmdir "$PWD" && exec "$@"', 'sh'],
    })
    expect(remove).toThrow()
    expect(await seen(server)).toMatchObject({ release: 1 })
    server.signal('SIGHUP')
    await server.waitFor(workers === '1' ? 'nothing has changed' : 'every worker was replaced')
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('an app that is not found is refused, and the error shows the former name of the folder', async () => {
    const { folder } = goingFolder()
    const { code, stderr } = await runLockstep(['run', 'app.mjs', '--workers', workers], {
      cwd: folder,
      through: ['sh', '-c', 'rmdir "$PWD" && exec "$@"', 'sh'],
    })
    expect([code, stderr]).toEqual([3, expect.stringContaining(`Tried ${folder}/app.mjs`)])
  })
})

it.skipIf(process.platform !== 'linux').each([true, false])(
  'a new worker runs in the same removed folder as the others (--chdir: %s)',
  async (isChosen) => {
    const { file, folder, remove } = goingFolder()
    await using server = await startLockstep(
      [
        ...['run', file, '--port', '0', '--workers', '1', '--backend', 'cluster'],
        ...(isChosen ? ['--chdir', folder] : []),
      ],
      { cwd: isChosen ? '/' : folder },
    )
    const { pid } = await seen(server)
    remove()
    killProcess(pid, 'SIGKILL')
    await waitUntil(async () => (await seen(server)).pid !== pid, { what: 'another worker' })
    expect(await seen(server)).toMatchObject({ release: 1, folder: 'ENOENT' })
    expect(server.stderr()).not.toContain('guard thread')
  },
)

it.skipIf(process.platform === 'win32')(
  'a folder may be removed once the server is ready, however late the threads of its workers start',
  async () => {
    const { file, folder, remove } = goingFolder()
    await using server = await startLockstep(
      ['run', file, '--port', '0', '--workers', '1', '--backend', 'cluster', '--chdir', folder],
      {
        cwd: '/',
        env: { NODE_OPTIONS: `--import ${new URL('../fixtures/late-threads.mjs', import.meta.url)}` },
      },
    )
    remove()
    await server.waitFor('thread: ')
    expect(server.stderr()).toContain('thread: runs')
    expect(server.stderr()).not.toContain('guard thread')
  },
)
