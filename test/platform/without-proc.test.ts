import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'

/** Like a chroot or a sandbox without a mounted /proc. */
const withoutProc = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh']
const [program = '', ...words] = withoutProc
const reason = spawnSync(program, [...words, 'true']).status === 0 ? '' : ' (no namespace can be made here)'

describe.skipIf(reason !== '')(`a machine without /proc${reason}`, () => {
  it('keeps its workers, although they cannot read their memory use', async () => {
    await using server = await startLockstep(
      [...['run', 'apps/switches.js', '--port', '0', '--workers', '2'], ...['--hang-timeout', '1s']],
      { through: withoutProc },
    )
    // Formerly, three heartbeats without a sample (at least 1.5 s) were mistaken for a lack of descriptors.
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(server.stderr()).not.toContain('replaced')
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('refuses a limit of memory, and accepts one of the heap', async () => {
    const run = ['run', 'apps/facts.js', '--port', '0', '--workers', '2']
    const refused = await runLockstep([...run, '--max-memory', '1G'], { through: withoutProc })
    expect([refused.code, refused.stderr]).toEqual([
      6,
      expect.stringMatching(/cannot honour recycle\.memory[\s\S]*\/proc cannot be read/),
    ])
    await using server = await startLockstep([...run, '--max-heap', '1M'], { through: withoutProc })
    await server.waitFor('cause":"memory"')
  })
})
