import { chmodSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { reportedCodes } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import { startScriptUnderWine, startUnderWine } from '../support/lockstep-under-wine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

describe.skipIf(!wine.ready)(`files on Windows${withoutWine}`, { timeout: wineTimeoutMs }, () => {
  const runtime = useWineRuntime()
  const hello = (): string => runtime().path(join(fixtures, 'apps/hello.js'))

  /** Wine maps modes to denials like those of an access control list: the file is not read-only, but still cannot be opened. */
  function folderWithDenied(): string {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'denied'), 'export default () => {}')
    chmodSync(join(folder, 'denied'), 0o022)
    mkdirSync(join(folder, 'closed'))
    writeFileSync(join(folder, 'closed/app.js'), '')
    chmodSync(join(folder, 'closed'), 0o022)
    return folder
  }

  it.each([
    { what: 'an access log', args: ['--access-log', 'denied'], exit: 9, codes: ['LOCKSTEP_ERR_LOG_FILE'] },
    {
      what: 'a new access log',
      args: ['--access-log', 'closed\\new'],
      exit: 9,
      codes: ['LOCKSTEP_ERR_LOG_FILE'],
    },
    { what: 'a PID file', args: ['--pid-file', 'closed\\pid'], exit: 9, codes: ['LOCKSTEP_ERR_PID_FILE'] },
    {
      what: 'a key log',
      args: ['--tls-self-signed', '--tls-keylog', 'denied'],
      exit: 9,
      codes: ['LOCKSTEP_ERR_TLS_KEYLOG_FILE'],
    },
    { what: 'the folder of --chdir', args: ['--chdir', 'closed'], exit: 2, codes: ['LOCKSTEP_ERR_FOLDER'] },
    {
      what: 'a configuration file',
      args: ['--config', 'denied'],
      exit: 2,
      codes: ['LOCKSTEP_ERR_CONFIG_UNREADABLE'],
    },
  ])('refuses $what that an access control list denies, before anything is bound', async (row) => {
    const folder = folderWithDenied()
    await using launch = startUnderWine(runtime(), ['run', hello(), '--port', '0', ...row.args], folder)
    expect(await launch.ended()).toEqual({ code: row.exit, signal: null })
    expect(reportedCodes(launch.stderr())).toEqual(row.codes)
    expect(launch.stderr()).toContain('permission is denied')
    expect(launch.stdout()).toBe('')
    expect(readdirSync(folder).sort()).toEqual(['closed', 'denied'])
    expect(readdirSync(join(folder, 'closed'))).toEqual(['app.js'])
  })

  it.each([
    { app: 'denied', code: 'LOCKSTEP_ERR_APP_LOAD' },
    { app: 'closed\\app.js', code: 'LOCKSTEP_ERR_APP_NOT_FOUND' },
  ])('refuses the app $app that an access control list denies', async ({ app, code }) => {
    const args = ['run', app, '--port', '0']
    await using launch = startUnderWine(runtime(), args, folderWithDenied())
    expect(await launch.ended()).toEqual({ code: 3, signal: null })
    expect(reportedCodes(launch.stderr())).toEqual([code])
    expect(launch.stderr()).toContain('permission is denied')
  })

  it('refuses to write a certificate where an access control list denies it', async () => {
    const args = ['cert', 'create', '--self-signed', '--out', 'closed']
    await using made = startUnderWine(runtime(), args, folderWithDenied())
    expect(await made.ended()).toEqual({ code: 9, signal: null })
    expect(reportedCodes(made.stderr())).toEqual(['LOCKSTEP_ERR_CERT_FILE'])
  })

  it('refuses an access log that another program has locked', async () => {
    const folder = temporaryFolder()
    const log = runtime().path(join(folder, 'access.log'))
    await using holder = startScriptUnderWine(runtime(), join(fixtures, 'programs/locks-file.mjs'), [log])
    await holder.waitFor('locked')
    const args = ['run', hello(), '--port', '0', '--access-log', log]
    await using launch = startUnderWine(runtime(), args, folder)
    expect(await launch.ended()).toEqual({ code: 9, signal: null })
    expect(launch.stderr()).toContain(
      `The access log ${log} cannot be written: another program has locked it.`,
    )
  })

  it('treats NUL in any case as the null device, and creates no file', async () => {
    const folder = temporaryFolder()
    const args = ['run', hello(), '--port', '0', '--access-log', 'nul']
    await using server = startUnderWine(runtime(), args, folder)
    await server.waitFor('Verified:')
    expect((await fetch(`http://127.0.0.1:${server.port()}/`)).status).toBe(200)
    server.process.terminate()
    expect(await server.ended()).toEqual({ code: 0, signal: null })
    expect(server.stderr()).not.toContain('access log')
    expect(readdirSync(folder)).toEqual([])
  })

  it('immediately sees the renewal of a file whose name was given in another case, also after its folder was replaced', async () => {
    const folder = temporaryFolder()
    const pairIn = (name: string): ReturnType<typeof pairFiles> => {
      mkdirSync(join(folder, name))
      return pairFiles({}, join(folder, name))
    }
    await pairIn('certs')
    const args = ['--tls-cert', 'Certs\\CERT.pem', '--tls-key', 'Certs\\KEY.pem']
    await using server = startUnderWine(runtime(), ['run', hello(), '--port', '0', ...args], folder)
    await server.waitFor('Verified:')
    const becomes = (fingerprint256: string): Promise<void> =>
      waitUntil(async () => (await tlsExchange(server.port())).fingerprint256 === fingerprint256, {
        // Less than the ten seconds between the launcher's own checks.
        deadlineMs: 5_000,
        what: () => `the new leaf after ${server.stderr()}`,
      })
    /** The launcher checks the files itself after a start or a reload. It sees later changes only if it watches. */
    const quiet = (): Promise<void> => {
      const began = performance.now()
      return waitUntil(() => performance.now() - began > 1_500, { what: 'a quiet moment' })
    }
    await quiet()
    await becomes((await pairFiles({}, join(folder, 'certs'))).fingerprint256)
    await quiet()
    const next = await pairIn('new')
    renameSync(join(folder, 'certs'), join(folder, 'old'))
    renameSync(join(folder, 'new'), join(folder, 'certs'))
    await becomes(next.fingerprint256)
    await quiet()
    await becomes((await pairFiles({}, join(folder, 'certs'))).fingerprint256)
  })
})
