import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportedCodes } from './support/failed-launch.ts'
import { fixtures } from './support/lockstep.ts'
import { startScriptUnderWine, startUnderWine } from './support/lockstep-under-wine.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from './support/wine.ts'

describe.skipIf(!wine.ready)(`places and words of Windows${withoutWine}`, { timeout: wineTimeoutMs }, () => {
  const runtime = useWineRuntime()

  it('keeps what the verbs and the local CA need below LOCALAPPDATA, whatever XDG_RUNTIME_DIR says', async () => {
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
    expect(reportedCodes(launch.stderr())).toEqual(['ERR_ADDRESS_PRIVILEGED'])
    expect(launch.stderr()).toContain('`netsh int ipv4 show excludedportrange protocol=tcp` lists them')
  })

  it('refuses an address of another machine with the program of Windows that lists its own', async () => {
    await using launch = startUnderWine(runtime(), ['run', 'apps\\hello.js', '--bind', '192.0.2.1:0'])
    expect(await launch.ended()).toEqual({ code: 5, signal: null })
    expect(launch.stderr()).toContain('`ipconfig` lists them')
  })
})
