import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Node runs what it finds in its compile cache, so a folder that another user can write to is a way into this process.

const ownFolder = 'lockstep/compile-cache'
const filesIn = (folder: string): string[] =>
  existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : []

const modeOf = (path: string): number => statSync(path).mode & 0o777

async function showVersion(cacheHome: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const finished = await runLockstep(['--version'], { env: { XDG_CACHE_HOME: cacheHome, ...env } })
  expect(finished).toMatchObject({ code: 0, stderr: '' })
}

describe.skipIf(process.platform === 'win32')('the compile cache', () => {
  it('is kept in a folder of the user, which other users cannot read', async () => {
    const home = temporaryFolder()
    await showVersion(home)
    const written = filesIn(join(home, ownFolder))
    expect(written.length).toBeGreaterThan(3)
    await showVersion(home)
    expect(filesIn(join(home, ownFolder))).toEqual(written)
    for (const path of ['lockstep', ownFolder]) expect(modeOf(join(home, path))).toBe(0o700)
  })

  it.each([
    ['write to a folder above it', '', 0o777],
    ['write to its own folder', ownFolder, 0o777],
    ['look into its own folder', ownFolder, 0o755],
  ])('is not used while others may %s', async (_, path, mode) => {
    const home = temporaryFolder()
    mkdirSync(join(home, ownFolder), { recursive: true, mode: 0o700 })
    chmodSync(join(home, path), mode)
    await showVersion(home)
    expect(filesIn(join(home, ownFolder))).toEqual([])
  })

  it('is not made where others may write, or where their link leads', async () => {
    const [open, elsewhere, linked] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
    chmodSync(open, 0o1777)
    await showVersion(open)
    expect(readdirSync(open)).toEqual([])
    chmodSync(elsewhere, 0o777)
    symlinkSync(elsewhere, join(linked, 'cache'))
    await showVersion(join(linked, 'cache'))
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it.skipIf(process.getuid?.() !== 0)('of root is not in a folder of another user', async () => {
    const home = temporaryFolder()
    const cache = join(home, 'cache')
    mkdirSync(cache)
    chownSync(cache, 54_321, 54_321)
    await showVersion(cache)
    expect(readdirSync(cache)).toEqual([])
  })

  it.each(['no HOME', 'a HOME that is a file', 'a relative folder'])('is left out with %s', async (what) => {
    const home = temporaryFolder()
    const file = join(home, 'file')
    writeFileSync(file, '')
    const env = what === 'a HOME that is a file' ? { HOME: file, XDG_CACHE_HOME: '' } : {}
    const cache = what === 'a HOME that is a file' ? '' : 'relative'
    const through = what === 'no HOME' ? ['env', '-u', 'HOME', '-u', 'XDG_CACHE_HOME'] : []
    const finished = await runLockstep(['--version'], {
      env: { XDG_CACHE_HOME: cache, ...env },
      through,
      cwd: home,
      ...(what === 'no HOME' && process.getuid?.() === 0 && { uid: 54_321, cwd: '/' }),
    })
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(home)).toEqual(['file'])
  })

  it('is where NODE_COMPILE_CACHE says', async () => {
    const [home, given] = [temporaryFolder(), temporaryFolder()]
    await showVersion(home, { NODE_COMPILE_CACHE: given })
    expect(filesIn(given).length).toBeGreaterThan(3)
    expect(readdirSync(home)).toEqual([])
  })

  it.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'])('is left out under %s', async (name) => {
    const home = temporaryFolder()
    await showVersion(home, { [name]: name === 'NODE_V8_COVERAGE' ? temporaryFolder() : '1' })
    expect(readdirSync(home)).toEqual([])
  })

  it('begins again when it has grown old', async () => {
    const home = temporaryFolder()
    const folder = join(home, ownFolder)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (let count = 0; count <= 20_000; count += 1) writeFileSync(join(folder, `old-${count}`), '')
    await showVersion(home)
    expect(filesIn(folder).filter((name) => name.startsWith('old-'))).toEqual([])
    expect(filesIn(folder).length).toBeGreaterThan(3)
  })

  it('is also for workers and their app, without a variable for it', async () => {
    const [home, folder] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(folder, 'of-the-app.cjs'), 'module.exports = () => 1')
    const app = join(folder, 'app.mjs')
    writeFileSync(
      app,
      `import { getCompileCacheDir } from 'node:module'
import './of-the-app.cjs'
export default (_, response) => response.end(JSON.stringify([getCompileCacheDir() ?? null, process.env.NODE_COMPILE_CACHE ?? null, process.argv.slice(2)]))
`,
    )
    const args = ['run', app, '--port', '0', '--workers', '2']
    const env = { XDG_CACHE_HOME: home }
    let before = 0
    {
      await using server = await startLockstep(args, { env })
      const [used, variable, given] = JSON.parse(await bodyOf({ port: server.port }))
      expect(dirname(used)).toBe(realpathSync(join(home, ownFolder)))
      expect([variable, given]).toEqual([null, []])
      before = filesIn(used).length
      server.signal('SIGTERM')
      await server.finished()
    }
    // Written when the workers ended.
    expect(filesIn(join(home, ownFolder)).length).toBeGreaterThan(before + 3)
  })

  it.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_COMPILE_CACHE'])('of workers follows %s', async (name) => {
    const [home, given] = [temporaryFolder(), temporaryFolder()]
    const app = join(temporaryFolder(), 'app.mjs')
    writeFileSync(
      app,
      `import { getCompileCacheDir } from 'node:module'
export default (_, response) => response.end(getCompileCacheDir() ?? 'none')
`,
    )
    await using server = await startLockstep(['run', app, '--port', '0', '--workers', '2'], {
      env: { XDG_CACHE_HOME: home, [name]: name === 'NODE_COMPILE_CACHE' ? given : '1' },
    })
    const used = await bodyOf({ port: server.port })
    expect(used === 'none' ? used : dirname(used)).toBe(
      name === 'NODE_COMPILE_CACHE' ? realpathSync(given) : 'none',
    )
    expect(readdirSync(home)).toEqual([])
  })
})
