import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch, reportedCodes } from '../support/failed-launch.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

/** Root can enter every folder, so the test drops root. */
const asUser: { readonly uid?: number } = process.getuid?.() === 0 ? { uid: 65_534 } : {}

/** Like Certbot's `live` folder, which only root can enter. */
describe('in a folder that this user may not enter,', () => {
  const reachable = temporaryFolder()
  const closed = join(reachable, 'live')

  beforeAll(async () => {
    chmodSync(reachable, 0o755)
    mkdirSync(closed)
    write(closed, 'app.js', 'export default () => {}')
    await pairFiles({}, closed)
    chmodSync(closed, 0o000)
  })

  afterAll(() => chmodSync(closed, 0o700))

  it('a certificate and its key are refused with the reason', async () => {
    const [cert, key] = [join(closed, 'cert.pem'), join(closed, 'key.pem')]
    await failedLaunch(['run', hello, '--tls-cert', cert, '--tls-key', key], {
      ...asUser,
      code: ['LOCKSTEP_ERR_TLS_FILE_UNREADABLE', 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE'],
      says: [
        `tls.cert ${cert} (--tls-cert) cannot be read: permission is denied.`,
        `tls.key ${key} (--tls-key) cannot be read: permission is denied.`,
      ],
    })
  })

  it('an app is refused with the reason', async () => {
    await failedLaunch(['run', join(closed, 'app.js')], {
      ...asUser,
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: [`There is no app at ${join(closed, 'app.js')}, where permission is denied.`],
    })
  })

  it.each([
    { what: 'PID file', code: 'LOCKSTEP_ERR_PID_FILE', flag: '--pid-file' },
    { what: 'access log', code: 'LOCKSTEP_ERR_LOG_FILE', flag: '--access-log' },
  ])('the $what is refused with the reason', async ({ what, code, flag }) => {
    const file = join(closed, 'file')
    await failedLaunch(['run', hello, flag, file], {
      ...asUser,
      code,
      says: [`The ${what} ${file} cannot be written: permission is denied.`],
    })
  })

  it('a key log is refused with the reason', async () => {
    const pair = await pairFiles()
    const file = join(closed, 'sub', 'keys.log')
    await failedLaunch(['run', hello, '--tls-keylog', file], {
      ...asUser,
      env: { LOCKSTEP_TLS_CERT: pair.certPem, LOCKSTEP_TLS_KEY: pair.keyPem },
      code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
      says: [`The key log ${file} cannot be written: permission is denied.`],
    })
  })

  it('a configuration file that is named is refused with the reason', async () => {
    const file = join(closed, 'lockstep.config.json')
    await failedLaunch(['run', hello, '--config', file], {
      ...asUser,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [`The configuration file ${file} cannot be read: permission is denied.`],
    })
  })

  it('a configuration file at a default path is not skipped', async () => {
    const cwd = temporaryFolder()
    chmodSync(cwd, 0o755)
    mkdirSync(join(cwd, '.config'), { mode: 0o000 })
    await failedLaunch(['run', hello], {
      ...asUser,
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [join(cwd, '.config'), 'cannot be read: permission is denied.'],
    })
  })

  it('an app that this user may not read is refused with the reason, and no stack', async () => {
    const app = write(reachable, 'unreadable.js', 'export default () => {}')
    chmodSync(app, 0o000)
    await failedLaunch(['run', app], {
      ...asUser,
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [`${app} cannot be read: permission is denied. Let this user read the file.`],
    })
  })

  it('a report is refused before the suite runs', async () => {
    const folder = join(closed, 'report')
    const finished = await runLockstep(['conformance', '--case', 'app/*', '--report', folder], asUser)
    expect(finished).toMatchObject({ code: 9, stdout: '' })
    expect(finished.stderr).toContain(`cannot be written to ${folder}: permission is denied.`)
    expect(reportedCodes(finished.stderr)).toEqual(['LOCKSTEP_ERR_REPORT_FILE'])
  })

  it('a certificate is not written, and the reason is reported', async () => {
    const folder = join(closed, 'new')
    const finished = await runLockstep(['cert', 'create', '--self-signed', '--out', folder], asUser)
    expect(finished).toMatchObject({ code: 9, stdout: '' })
    expect(finished.stderr).toContain(`can't be written to ${folder}: permission is denied.`)
    expect(reportedCodes(finished.stderr)).toEqual(['LOCKSTEP_ERR_CERT_FILE'])
  })

  it.skipIf(asUser.uid === undefined)(
    'a control socket without permission is not reported as another version',
    async () => {
      const runtimeFolder = temporaryFolder()
      const folder = join(runtimeFolder, 'lockstep')
      mkdirSync(folder, { mode: 0o700 })
      for (const each of [runtimeFolder, folder]) chownSync(each, asUser.uid ?? 0, 0)
      const socket = join(folder, '7-1.sock')
      const server = createServer().listen(socket)
      await once(server, 'listening')
      chmodSync(socket, 0o000)
      try {
        const { stderr } = await runLockstep(['ps'], { ...asUser, env: { XDG_RUNTIME_DIR: runtimeFolder } })
        expect(stderr).toContain(`The server behind ${socket} cannot be asked: permission is denied.`)
        expect(stderr).toContain('as the user that started the server')
      } finally {
        server.close()
      }
    },
  )
})
