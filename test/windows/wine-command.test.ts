import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureWine } from '../../scripts/wine/set-up-wine.mjs'
import { openWineRuntime, type WineRuntime } from '../../scripts/wine/wine-runtime.mjs'
import { fixtures } from '../support/lockstep.ts'
import { startUnderWine, type UnderWine } from '../support/lockstep-under-wine.ts'
import { killProcess } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'
import { wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

const answers = join(fixtures, 'programs/upstream/answers.mjs')

/** The first release line with `node:ffi`, by which a program gets Ctrl-C: Wine has no PowerShell. */
const nodeVersion = '26.10.0'

describe.skipIf(!wine.ready)(
  `a program behind Lockstep on Windows${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    let runtime: WineRuntime
    beforeAll(async () => {
      const installed = await ensureWine({ nodeVersion })
      if (!installed.ready) throw new Error(installed.reason)
      runtime = await openWineRuntime(installed)
    }, wineTimeoutMs)
    afterAll(() => runtime[Symbol.asyncDispose]())

    /** A batch file as npm makes them. The program is a grandchild of the launcher then. Quoting by `cmd.exe` is not tested under Wine, whose own differs. */
    function batchFile(): string {
      const file = join(temporaryFolder(), 'program.cmd')
      writeFileSync(file, `@"${runtime.nodePath}" "${runtime.path(answers)}" %*\r\n`)
      return runtime.path(file)
    }

    async function start(...command: readonly string[]): Promise<UnderWine> {
      const times = ['--boot-timeout', '100s', '--graceful-timeout', '15s']
      const server = startUnderWine(runtime, ['exec', '--port', '0', ...times, '--', ...command])
      await server.waitFor('Verified:')
      return server
    }

    /** Not the program: only the launcher gets what a terminal would send. */
    function launcherOf(server: UnderWine): number | undefined {
      return server.process
        .processes()
        .find(({ words }) => words.some((word) => word.includes('lockstep.js')))?.pid
    }

    it('gets Ctrl-C in a console of its own when the launcher stops', async () => {
      await using server = await start(runtime.nodePath, runtime.path(answers))
      expect((await fetch(`http://127.0.0.1:${server.port()}`)).status).toBe(200)
      killProcess(launcherOf(server), 'SIGINT')
      expect(await server.ended()).toEqual({ code: 0, signal: null })
      expect(server.stderr()).toContain('got SIGINT')
      expect(server.stderr()).not.toContain('is killed')
      await waitUntil(() => programsOf(server) === 0, { what: 'the end of the program' })
    })

    it('runs from a batch file, and ends with all its processes when the launcher is killed', async () => {
      await using server = await start(batchFile())
      expect((await fetch(`http://127.0.0.1:${server.port()}`)).status).toBe(200)
      killProcess(launcherOf(server))
      await waitUntil(() => programsOf(server) === 0, { deadlineMs: 60_000, what: 'the end of the program' })
    })

    it('is as well served by workers that get their connections from the primary', async () => {
      const app = runtime.path(join(fixtures, 'apps/hello.js'))
      const args = ['--port', '0', '--backend', 'cluster', '--workers', '2', '--boot-timeout', '100s']
      await using server = startUnderWine(runtime, ['run', app, ...args])
      await server.waitFor('Verified:')
      for (let count = 0; count < 20; count += 1)
        expect(
          await (
            await fetch(`http://127.0.0.1:${server.port()}/`, { headers: { connection: 'close' } })
          ).text(),
        ).toContain('hello')
      expect(server.stderr()).not.toContain('was killed')
    })

    it('is refused when there is none', async () => {
      await using server = startUnderWine(runtime, ['exec', '--port', '0', '--', 'no-such-program'])
      expect((await server.ended()).code).toBe(3)
      expect(server.stderr()).toContain('LOCKSTEP_ERR_PROGRAM_')
    })

    function programsOf(server: UnderWine): number {
      return server.process
        .processes()
        .filter(({ words }) => words.some((word) => word.includes('answers.mjs'))).length
    }
  },
)
