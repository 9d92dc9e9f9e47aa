// The backends in examples/, judged by the suite as their authors would run it.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minimumProfile } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { runLockstep } from '../support/lockstep.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A case of each kind: the app, TLS, a limit, the stop. */
const cheap = [
  'app/module/serves*',
  'app/listen/a-program-is-served-where*',
  'tls/cert/serves-that-leaf*',
  'limits/header-count/*',
  'processes/drain/the-last*',
]

const isNewPython = 'import sys; sys.exit(sys.version_info < (3, 10))'
const hasPython = spawnSync('python3', ['-c', isNewPython]).status === 0

/** Another server of the same user may take the port too: that is how the threads share it. */
const sharing = { id: 'binding/port/is-not-shared*', reason: 'the port is bound with SO_REUSEPORT' }
const knownFailures = join(temporaryFolder(), 'known.json')
writeFileSync(knownFailures, JSON.stringify([sharing]))

const subjects = [
  { name: 'threads-backend.js', more: ['--known-failures', knownFailures] },
  { name: 'program-backend.js', more: ['--program', 'node'] },
  ...(hasPython ? [{ name: 'program-backend.js', more: ['--program', 'python'] } as const] : []),
] as const

async function judge(name: string, words: readonly string[], deadlineMs: number) {
  const { code, stdout } = await runLockstep(['conformance', `./examples/${name}`, '--quick', ...words], {
    cwd: root,
    deadlineMs,
  })
  return {
    code,
    failed: stdout.split('\n').filter((line) => /^ *(✗|!!|fail:|harness error:)/.test(line)),
    stdout,
  }
}

describe.each(subjects)('examples/$name $more', ({ name, more }) => {
  it('passes a case of each kind', { timeout: 120_000 }, async () => {
    const cases = cheap.flatMap((pattern) => ['--case', pattern])
    const { code, failed, stdout } = await judge(name, [...more, '--door', 'launch', ...cases], 110_000)
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(stdout.match(/✓ /g)?.length).toBeGreaterThanOrEqual(3)
  })

  it.skipIf(!runsEverything)(`conforms${whyLeftOut}`, { timeout: 240_000 }, async () => {
    // Those of programs/* use programs that outlive a launcher which is killed, unless the backend sees to it.
    const areas = ['backend/*', 'processes/drain/*', 'binding/*']
    const minimum = minimumProfile.flatMap(({ cases }) => cases)
    const cases = [...areas, ...minimum].flatMap((pattern) => ['--case', pattern])
    const { code, failed, stdout } = await judge(name, [...more, '--door', 'backend', ...cases], 230_000)
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(stdout).toMatch(/^\d+ cases, \d+ runs: .*conforms$/m)
  })
})
