import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'
import { startScriptUnderWine } from '../support/lockstep-under-wine.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

// Windows lets one program bind 127.0.0.1 beside another one's 0.0.0.0. Wine uses the network of Linux, which does not, so the test redirects the probe there.
describe.skipIf(!wine.ready)(`a probe on Windows${withoutWine}`, { timeout: wineTimeoutMs }, () => {
  const runtime = useWineRuntime()

  it.each(['single', 'cluster'])('does not mistake another program for the server: %s', async (backend) => {
    const script = join(fixtures, 'programs/probed-rival.mjs')
    await using program = startScriptUnderWine(runtime(), script, [backend])
    expect(await program.ended()).toEqual({ code: 0, signal: null })
    expect(program.stdout()).toMatch(
      /^LOCKSTEP_ERR_VERIFY_FAILED: .*\(own-server\): .*`netstat -ano \| findstr :\d+` shows which program listens\./,
    )
  })
})
