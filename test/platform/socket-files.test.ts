import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { closeListeners, type Listener, listenOnAll } from '@lockstep/core/backend'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isRoot = process.getuid?.() === 0
const listening = { backlog: 16, pauseOnConnect: false, onConnection: () => undefined }

/** Polls without a pause from another process, and prints the first state that it sees of each file: `mode uid gid`. */
const watcher = `
  const { statSync } = require('node:fs')
  process.stdout.write('looking\\n')
  for (const file of process.argv.slice(1)) {
    for (let found; !found; ) {
      found = statSync(file, { throwIfNoEntry: false })
      if (found) process.stdout.write([(found.mode & 0o777).toString(8), found.uid, found.gid].join(' ') + '\\n')
    }
  }
`

const swapper = `
  const { readdirSync, renameSync, mkdirSync, symlinkSync } = require('node:fs')
  const [own, secret] = process.argv.slice(1)
  process.stdout.write('looking\\n')
  for (;;) {
    for (const name of readdirSync(own).filter((each) => each.startsWith('.'))) {
      try {
        renameSync(own + '/' + name, own + '/moved' + name)
        mkdirSync(own + '/' + name)
        symlinkSync(secret, own + '/' + name + '/s')
        process.stdout.write('swapped\\n')
      } catch {}
    }
  }
`

describe('a socket file', () => {
  it('has its mode and owner from the first moment', async () => {
    const folder = temporaryFolder()
    // A watcher that waits for the processor could see a single file too late.
    const paths = Array.from({ length: 200 }, (_, index) => join(folder, `${index}.sock`))
    const child = spawn(process.execPath, ['-e', watcher, ...paths], { stdio: ['ignore', 'pipe', 'inherit'] })
    const seen = text(child.stdout)
    await once(child.stdout, 'readable')
    const [uid, gid] = isRoot ? [1, 2] : [null, null]
    const listeners: Listener[] = []
    for (const path of paths) {
      const access = { mode: 0o606, uid, gid }
      listeners.push(...(await listenOnAll([{ kind: 'unix', path, access, mayMove: false }], listening)))
    }
    try {
      expect(new Set((await seen).trim().split('\n').slice(1))).toEqual(
        new Set([`606 ${uid ?? process.getuid?.()} ${gid ?? process.getgid?.()}`]),
      )
      expect(readdirSync(folder)).toHaveLength(paths.length)
    } finally {
      closeListeners(listeners)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('is not taken from another server that was faster', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'app.sock')
    const other = createServer((socket) => socket.end()).listen(path)
    await once(other, 'listening')
    const { ino } = statSync(path)
    try {
      await expect(
        listenOnAll(
          [{ kind: 'unix', path, access: { mode: 0o600, uid: null, gid: null }, mayMove: false }],
          listening,
        ),
      ).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_ADDRESS_IN_USE' })
      expect(statSync(path).ino).toBe(ino)
      expect(readdirSync(folder)).toEqual(['app.sock'])
    } finally {
      other.close()
    }
  })

  it.each([
    { what: 'a mode', access: { mode: 0o600, uid: null, gid: null } },
    { what: 'the mode that the system makes' },
  ])('with $what is not removed at the end if another file has replaced it', async ({ access }) => {
    const folder = temporaryFolder()
    const path = join(folder, 'app.sock')
    const address = { kind: 'unix', path, ...(access && { access }), mayMove: false } as const
    const listeners = await listenOnAll([address], listening)
    rmSync(path)
    const other = createServer().listen(path)
    await once(other, 'listening')
    const { ino } = statSync(path)
    closeListeners(listeners)
    expect(statSync(path).ino).toBe(ino)
    expect(readdirSync(folder)).toEqual(['app.sock'])
    other.close()
  })
})

it.skipIf(!isRoot || process.platform !== 'linux')(
  'a socket of root in a folder of another user exposes no other file, whatever that user puts there',
  async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    const [own, secret] = [join(folder, 'own'), write(folder, 'secret', 'of root')]
    mkdirSync(own)
    chownSync(own, 65_534, 65_534)
    // Moves each new folder away, and replaces it by one with a link to the secret.
    const swapping = spawn(process.execPath, ['-e', swapper, own, secret], {
      uid: 65_534,
      gid: 65_534,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const swapped = text(swapping.stdout)
    await once(swapping.stdout, 'readable')
    let bound = 0
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const access = { mode: 0o666, uid: 65_534, gid: 65_534 }
      const path = join(own, `${attempt}.sock`)
      const listeners = await listenOnAll([{ kind: 'unix', path, access, mayMove: false }], listening).catch(
        () => [],
      )
      bound += listeners.length
      closeListeners(listeners)
    }
    swapping.kill('SIGKILL')
    expect((await swapped).split('\n').length).toBeGreaterThan(3)
    expect(statSync(secret)).toMatchObject({ uid: 0, mode: 0o100600 })
    expect(bound).toBeGreaterThan(0)
  },
)

describe.each(['1', '2'])('with %s workers, a socket', (workers) => {
  const run = ['run', join(fixtures, 'apps/hello.js'), '--workers', workers]

  it('may be opened to a group, and replaces one that a killed server left behind', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    const bind = [
      '--bind',
      `unix:${path}`,
      '--socket-mode',
      '660',
      '--socket-group',
      String(process.getgid?.()),
    ]
    const killed = await startLockstep([...run, ...bind])
    await killed[Symbol.asyncDispose]()
    expect(existsSync(path)).toBe(true)
    await using server = await startLockstep([...run, ...bind])
    expect((statSync(path).mode & 0o777).toString(8)).toBe('660')
    expect(await bodyOf({ socketPath: path })).toMatch(/^hello from/)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(existsSync(path)).toBe(false)
  })

  it('that a new server has replaced serves on when the old server stops', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'app.sock')
    await using old = await startLockstep([...run, '--bind', `unix:${path}`])
    rmSync(path)
    await using replacement = await startLockstep([...run, '--bind', `unix:${path}`])
    old.signal('SIGTERM')
    expect(await old.finished()).toMatchObject({ code: 0 })
    expect(await bodyOf({ socketPath: path })).toMatch(/^hello from/)
    replacement.signal('SIGTERM')
    expect(await replacement.finished()).toMatchObject({ code: 0 })
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(!isRoot)('that a user cannot remove is replaced by the next start', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'run'))
    const path = join(folder, 'run/app.sock')
    const as = ['--bind', `unix:${path}`, '--user', 'nobody']
    for (let start = 0; start < 2; start += 1) {
      await using server = await startLockstep([...run, ...as])
      expect(await bodyOf({ socketPath: path })).toMatch(/^hello from/)
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
      // Under `cluster`, the primary is still root, and removes it.
      expect(existsSync(path)).toBe(workers === '1')
    }
  })
})
