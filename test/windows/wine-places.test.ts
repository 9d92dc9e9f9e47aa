import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { reportedCodes } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import {
  command,
  startScriptUnderWine,
  startUnderWine,
  type UnderWine,
} from '../support/lockstep-under-wine.ts'
import { isOnPath, run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

describe.skipIf(!wine.ready)(
  `paths and messages on Windows${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    const runtime = useWineRuntime()

    it('keeps the files of the verbs and the local CA below LOCALAPPDATA, whatever XDG_RUNTIME_DIR says', async () => {
      const args = ['run', 'apps\\hello.js', '--port', '0', '--tls-self-signed']
      await using server = startUnderWine(runtime(), args)
      await server.waitFor('Verified:')
      const listing = async (...names: readonly string[]): Promise<string> => {
        const script = join(fixtures, 'programs/lists-folder.mjs')
        await using lister = startScriptUnderWine(runtime(), script, [
          ...['LOCALAPPDATA', 'lockstep', 'Data', ...names],
        ])
        expect(await lister.ended(), lister.stderr()).toEqual({ code: 0, signal: null })
        return lister.stdout()
      }
      expect(await listing('run')).toMatch(/^\d+-.*\.sock\r?\n$/)
      expect(await listing('local-ca')).toContain('root.pem')
    })

    it('refuses a port that is denied with the command that lists the excluded ones', async () => {
      await using launch = startUnderWine(runtime(), ['run', 'apps\\hello.js', '--port', '81'])
      expect(await launch.ended()).toEqual({ code: 5, signal: null })
      expect(reportedCodes(launch.stderr())).toEqual(['LOCKSTEP_ERR_ADDRESS_PRIVILEGED'])
      expect(launch.stderr()).toContain('`netsh int ipv4 show excludedportrange protocol=tcp` lists them')
    })

    it('refuses an address of another machine, and names the Windows program that lists local ones', async () => {
      await using launch = startUnderWine(runtime(), ['run', 'apps\\hello.js', '--bind', '192.0.2.1:0'])
      expect(await launch.ended()).toEqual({ code: 5, signal: null })
      expect(launch.stderr()).toContain('`ipconfig` lists them')
    })

    it('obeys variables with names in any case, and refuses a misspelt one', async () => {
      const { cert, key } = await pairFiles()
      const start = (env: Readonly<Record<string, string>>): UnderWine =>
        startScriptUnderWine(runtime(), command, ['run', 'apps\\hello.js'], { env })
      await using server = start({
        lockstep_tls_cert: runtime().path(cert),
        Lockstep_Tls_Key: runtime().path(key),
        Port: '0',
      })
      await server.waitFor('Verified:')
      expect(server.stdout()).toContain('https://')
      expect(server.port()).not.toBe(3_000)
      await using misspelt = start({ Lockstep_Tls_Crt: runtime().path(cert), Port: '0' })
      expect(await misspelt.ended()).toEqual({ code: 2, signal: null })
      expect(reportedCodes(misspelt.stderr())).toEqual(['LOCKSTEP_ERR_OPTION_UNKNOWN'])
    })

    it('hides a passphrase variable from the app, with a name in any case', async () => {
      const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
      const files = ['--tls-cert', runtime().path(cert), '--tls-key', runtime().path(key)]
      const args = ['run', 'apps\\environment.js', '--port', '0', '--backend', 'cluster', ...files]
      await using server = startScriptUnderWine(runtime(), command, args, {
        env: { lockstep_tls_passphrase: 'hunter2', Of_The_App: 'seen' },
      })
      await server.waitFor('Verified:')
      const { body } = await tlsExchange(server.port())
      expect(body).toContain('seen')
      expect(body).not.toContain('hunter2')
    })

    it('finds a configuration file in another case, as the file system does', async () => {
      const folder = temporaryFolder()
      writeFileSync(join(folder, 'Lockstep.Config.json'), '{ "port": 0, "tls": { "selfSigned": true } }')
      const app = runtime().path(join(fixtures, 'apps/hello.js'))
      await using server = startUnderWine(runtime(), ['run', app], folder)
      await server.waitFor('Verified:')
      expect(server.stdout()).toContain('https://')
    })

    it.skipIf(!isOnPath('ss')).each(['single', 'cluster'])(
      'passes the backlog to the system (%s)',
      async (backend) => {
        const args = ['run', 'apps\\hello.js', '--port', '0', '--backlog', '37', '--backend', backend]
        await using server = startUnderWine(runtime(), args)
        await server.waitFor('Verified:')
        // Wine listens on a socket of Linux, whose backlog is the column Send-Q of ss(8).
        const { stdout } = await run('ss', ['-Hltn', `sport = :${server.port()}`])
        expect(stdout.trim().split(/\s+/)[2]).toBe('37')
      },
    )
  },
)
