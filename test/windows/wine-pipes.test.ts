import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WineRuntime } from '../../scripts/wine/wine-runtime.mjs'
import { fixtures } from '../support/lockstep.ts'
import { startUnderWine } from '../support/lockstep-under-wine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

/** The pipe only exists within the Wine that the test has started. */
const pipe = `lockstep-test-${process.pid}`

describe.skipIf(!wine.ready)(
  `on Windows, an address or a user${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    const runtime = useWineRuntime()

    it('serves a client by a named pipe, and verifies it before reporting that it is ready', async () => {
      await using server = startUnderWine(runtime(), [
        ...['run', 'apps\\hello.js', '--backend', 'single', '--bind', `pipe:${pipe}`],
      ])
      await server.waitFor('Verified:')
      expect(server.stdout()).toMatch(new RegExp(`Verified: on the wire, \\d+ checks? on pipe:${pipe}\n`))
      expect(server.stdout()).not.toContain('unix:')
      expect(await askPipe(runtime())).toMatch(/^hello from/)
      server.process.terminate()
      expect(await server.ended()).toEqual({ code: 0, signal: null })
    })

    it.each([
      {
        what: 'as a pipe of a cluster: its workers cannot be handed such a connection',
        args: ['--backend', 'cluster', '--bind', `pipe:${pipe}`],
        says: 'a connection of a named pipe cannot be handed to another process on Windows',
      },
      {
        what: 'as a path, which is that of a socket elsewhere',
        args: ['--backend', 'single', '--bind', 'unix:app.sock'],
        says: 'Bind pipe:NAME or HOST:PORT instead.',
      },
      {
        what: 'as a descriptor',
        args: ['--backend', 'single', '--bind', 'fd://3'],
        says: 'no socket is handed to a process by its number on Windows',
      },
      {
        what: 'as another user',
        args: ['--backend', 'single', '--port', '0', '--user', 'nobody'],
        says: 'Windows has no users to change to',
      },
      {
        what: 'with a umask',
        args: ['--backend', 'single', '--port', '0', '--umask', '027'],
        says: 'Windows has no umask',
      },
    ])('is refused $what', async ({ args, says }) => {
      await using server = startUnderWine(runtime(), ['run', 'apps\\hello.js', ...args])
      expect(await server.ended()).toEqual({ code: 6, signal: null })
      expect(server.stderr()).toContain(says)
    })
  },
)

/** Only a process of the same Wine sees its pipes. */
async function askPipe(runtime: WineRuntime): Promise<string> {
  const folder = temporaryFolder()
  const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')]
  for (const file of [stdout, stderr]) writeFileSync(file, '')
  const client = runtime.start({
    script: join(fixtures, 'programs/ask-pipe.mjs'),
    args: [`\\\\.\\pipe\\${pipe}`],
    env: {},
    cwd: fixtures,
    stdout,
    stderr,
  })
  let hasEnded = false
  void client.ended.then(() => {
    hasEnded = true
  })
  await waitUntil(() => hasEnded, {
    deadlineMs: 120_000,
    what: () => `an end of ${readFileSync(stderr, 'utf8')}`,
  })
  return readFileSync(stdout, 'utf8')
}
