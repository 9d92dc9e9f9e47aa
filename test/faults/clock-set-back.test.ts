import { existsSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { everyoneAnswers, startFaulty } from '../support/faulty-cluster.ts'
import { startLoad } from '../support/steady-load.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Debian's package `faketime`. It changes the wall clock of a process, and with an option leaves the monotonic clock alone. */
const [library = ''] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
const isMissing = !existsSync(library)

it.skipIf(isMissing)(
  `a clock that is set back kills no worker, loses no request and blocks no reload${isMissing ? ' (skipped: faketime is missing)' : ''}`,
  async () => {
    const clock = join(temporaryFolder(), 'clock')
    writeFileSync(clock, '+0d')
    const env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    await using server = await startFaulty(['--workers', '2', '--hang-timeout', '1s'], { env })
    await using load = startLoad(server.url)
    await everyoneAnswers(load, server.workers)
    const before = server.workers()
    // Back, forth as when the time is set right again, and back.
    for (const shift of ['-400d', '+0d', '-400d']) {
      writeFileSync(clock, shift)
      const changed = performance.now()
      await waitUntil(() => performance.now() - changed > 1_200, { what: 'the hang timeout' })
      expect(server.workers()).toEqual(before)
    }
    server.signal('SIGHUP')
    await server.waitFor('reloaded: every worker was replaced')
    await load.stop()
    expect(load.losses).toEqual([])
    const [, year = ''] = /every worker was replaced.*"timestamp":"(\d+)/.exec(server.stderr()) ?? []
    expect(Number(year)).toBeLessThan(new Date().getFullYear())
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  },
)
