import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'
import { startUnderWine } from '../support/lockstep-under-wine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

describe.skipIf(!wine.ready)(
  `programs in the current folder on Windows${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    const runtime = useWineRuntime()

    /** A folder where another user has put programs with the names of Windows programs. They leave a marker when they run. */
    function folderWithPrograms(): { folder: string; wereRun: () => boolean } {
      const folder = temporaryFolder()
      for (const name of ['taskkill', 'certutil', 'cmd'])
        writeFileSync(join(folder, `${name}.cmd`), `@echo run > ${runtime().path(join(folder, 'mark'))}\r\n`)
      return { folder, wereRun: () => existsSync(join(folder, 'mark')) }
    }

    it('are not run to end a worker, which still ends', async () => {
      const { folder, wereRun } = folderWithPrograms()
      const app = runtime().path(join(fixtures, 'apps/switches.js'))
      const options = ['--port', '0', '--backend', 'cluster', '--graceful-timeout', '500ms']
      await using server = startUnderWine(runtime(), ['run', app, ...options], folder)
      await server.waitFor('Verified:')
      const blocked = await fetch(`http://127.0.0.1:${server.port()}/block?ms=600000`)
      blocked.text().catch(() => undefined)
      server.process.terminate()
      expect(await server.ended()).toEqual({ code: 0, signal: null })
      expect(server.stderr()).toContain('did not end in time and is killed')
      expect(server.process.processes()).toEqual([])
      expect(wereRun()).toBe(false)
    })

    it('are not run to change the trust store', async () => {
      const { folder, wereRun } = folderWithPrograms()
      await using trust = startUnderWine(runtime(), ['cert', 'trust', '--yes'], folder)
      await trust.ended()
      expect(trust.stdout()).toContain('certutil -user -addstore Root')
      // Wine's own program does not change a store, and the check afterwards sees that.
      expect(trust.stderr()).toContain('The commands succeeded, but the root is not in the trust store')
      expect(wereRun()).toBe(false)
    })
  },
)
