import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

/** A folder with a program that another user may have put where root starts the launcher. The program leaves a marker when it runs. */
function plant(program: string): { folder: string; wasRun: () => boolean; env: { PATH: string } } {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const mark = join(folder, 'mark')
  write(folder, program, `#!/bin/sh\necho run >> '${mark}'\necho hunter2\n`, 0o755)
  return { folder, wasRun: () => existsSync(mark), env: { PATH: `.::${process.env['PATH']}` } }
}

describe.skipIf(process.getuid?.() !== 0)('a program in the folder where root starts the launcher', () => {
  it('is not run to look up a user, although PATH includes the folder', async () => {
    const { folder, wasRun, env } = plant('getent')
    await failedLaunch(['run', hello, '--user', 'no-such-user'], {
      cwd: folder,
      env,
      code: 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN',
      says: ['no-such-user'],
    })
    expect(wasRun()).toBe(false)
  })

  it('is not run to notify the service manager', async () => {
    const { folder, wasRun, env } = plant('systemd-notify')
    const args = ['run', hello, '--port', '0']
    const server = await startLockstep(args, {
      cwd: folder,
      env: { ...env, NOTIFY_SOCKET: join(folder, 'nobody-listens') },
    })
    await server[Symbol.asyncDispose]()
    expect(wasRun()).toBe(false)
  })

  it('is not run for a passphrase', async () => {
    const { folder, wasRun, env } = plant('getpass')
    const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
    const args = ['run', hello, '--cert', cert, '--key', key, '--tls-passphrase-command', 'getpass']
    await failedLaunch(args, {
      cwd: folder,
      env,
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: ['the command ended with exit code 127'],
    })
    expect(wasRun()).toBe(false)
  })
})
