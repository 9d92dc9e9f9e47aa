// A named pipe as the file of an option: its writer may be late, or never come.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { beginLockstep, fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

function pipe(): string {
  const path = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

describe.skipIf(process.platform === 'win32')('a named pipe as a file', () => {
  it('is refused when no program writes to it', async () => {
    const { cert } = await pairFiles()
    const key = pipe()
    await failedLaunch(['check', hello, '--port', '0', '--tls-cert', cert, '--tls-key', key], {
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: [key, 'it is a pipe that no program has written to within 5 seconds'],
    })
  })

  it('is read to its end when a program opens it later, and writes slowly', async () => {
    const { cert, key } = await pairFiles()
    const path = pipe()
    const command = beginLockstep(['check', hello, '--port', '0', '--tls-cert', cert, '--tls-key', path])
    // The shell waits for the reader, and the second half comes in another packet.
    const slow = `exec > '${path}'; sleep 0.3; head -c 100 '${key}'; sleep 0.3; tail -c +101 '${key}'`
    const writer = spawn('sh', ['-c', slow])
    onTestFinished(() => void writer.kill())
    const { code, stdout, stderr } = await command.ended
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('The app loads and would be served')
  })
})
