import assert from 'node:assert/strict'
import { existsSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LockstepConfig } from '@lockstep/core'
import type { CaseContext } from '../../case-context.ts'
import { anotherAccount, isRoot } from '../../clients/accounts.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const socketFileCases: readonly ConformanceCase[] = [
  {
    id: 'binding/socket-mode/is-that-of-the-file',
    level: 'MUST',
    requirement:
      'A UNIX domain socket has the given permissions, whatever the umask, and is gone after the stop.',
    source: 'docs/options.md: socket.mode; unix(7): who may write may connect',
    observes: ['socket.mode'],
    needs: ['unix-sockets', 'posix-modes'],
    async run(context) {
      for (const mode of ['606', '0660']) {
        const { file, found, stop } = await startOnSocket(context, { mode })
        assert.equal((found.mode & 0o777).toString(8), Number.parseInt(mode, 8).toString(8))
        await stop()
        assert.equal(existsSync(file), false, 'the socket stays behind')
      }
    },
  },
  {
    id: 'binding/socket-owner/is-that-of-the-file',
    level: 'MUST',
    requirement:
      'A UNIX domain socket belongs to the given user, and a launcher that would need root for that refuses the option.',
    source: 'docs/options.md: socket.owner; chown(2)',
    observes: ['socket.owner'],
    needs: ['unix-sockets', 'posix-modes'],
    async run(context) {
      const { name, uid } = anotherAccount()
      if (!isRoot()) return mustRefuse(context, { owner: name })
      assert.equal((await startOnSocket(context, { owner: name })).found.uid, uid)
    },
  },
  {
    id: 'binding/socket-group/is-that-of-the-file',
    level: 'MUST',
    requirement:
      'A UNIX domain socket belongs to the given group, and a launcher that would need root for that refuses the option.',
    source: 'docs/options.md: socket.group; chown(2)',
    observes: ['socket.group'],
    needs: ['unix-sockets', 'posix-modes'],
    async run(context) {
      const { gid } = anotherAccount()
      if (!isRoot()) return mustRefuse(context, { group: gid })
      assert.equal((await startOnSocket(context, { group: gid })).found.gid, gid)
    },
  },
]

type SocketOptions = NonNullable<LockstepConfig['socket']>

async function startOnSocket(
  { start, folder }: CaseContext,
  socket: SocketOptions,
): Promise<{ file: string; found: Stats; stop(): Promise<unknown> }> {
  const file = join(folder, 'app.sock')
  const subject = await start({ ...onSocket(file), socket })
  return { file, found: statSync(file), stop: () => subject.stop() }
}

async function mustRefuse({ startRefused, folder }: CaseContext, socket: SocketOptions): Promise<void> {
  const file = join(folder, 'app.sock')
  const { faults } = await startRefused({ ...onSocket(file), socket })
  assert.deepEqual(
    faults.map(({ code }) => code),
    ['LOCKSTEP_ERR_NOT_ROOT'],
  )
  assert.equal(existsSync(file), false)
}

const onSocket = (file: string): LockstepConfig => ({
  bind: `unix:${file}`,
  host: undefined,
  port: undefined,
})
