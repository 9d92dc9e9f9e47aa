import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello, '--tls-self-signed']

it('a key log causes a warning in the banner and in the log', async () => {
  const file = join(temporaryFolder(), 'keys.log')
  await using server = await startLockstep([...run, '--port', '0', '--tls-keylog', file])
  expect(server.stdout()).toContain(`${file} lets anyone who reads it decrypt all of this`)
  await server.waitFor(`The secrets of every TLS connection go to ${file}`)
})

it('a key log that a variable or a configuration file switches on is refused', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'keys.log')
  const hint = 'Give it as the flag --tls-keylog, or in the call of launch().'
  await failedLaunch(run, {
    env: { LOCKSTEP_TLS_KEYLOG: file },
    code: 'LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN',
    says: [`The key log ${file} would expose`, 'LOCKSTEP_TLS_KEYLOG is not where one sees it', hint],
  })
  write(folder, 'lockstep.config.json', JSON.stringify({ tls: { keylog: 'keys.log' } }))
  await failedLaunch(run, { cwd: folder, code: 'LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN', says: [file, hint] })
})

it('a key log that cannot be written is refused', async () => {
  const file = join(temporaryFolder(), 'nowhere', 'keys.log')
  await failedLaunch([...run, '--tls-keylog', file], {
    code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
    says: [`The key log ${file} cannot be written: there is no folder`, 'Set by --tls-keylog.'],
  })
})

it('a key log without TLS is refused', async () => {
  await failedLaunch(['run', hello, '--tls-keylog', join(temporaryFolder(), 'keys.log')], {
    code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
    says: ['--tls-keylog is set, but there is no certificate'],
  })
})

it.runIf(process.getuid?.() === 0)('a key log that belongs to another user is refused', async () => {
  const file = write(temporaryFolder(), 'keys.log', '')
  chownSync(file, 12_345, 12_345)
  await failedLaunch([...run, '--tls-keylog', file], {
    code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
    says: [`The key log ${file} belongs to another user`],
  })
})
