import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ConformanceCase, conformanceCases, matchesPattern, minimumProfile } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { beginLockstep, runLockstep } from '../support/lockstep.ts'
import { waitUntilGone } from '../support/processes.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { runsWholeSuite } from '../support/runs-whole-suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The cases without which a run says nothing of the whole, and these. */
function minimumAnd(...patterns: readonly string[]): readonly ConformanceCase[] {
  const minimum = minimumProfile.flatMap(({ cases }) => cases)
  return conformanceCases.filter(
    ({ id }) => minimum.includes(id) || patterns.some((pattern) => matchesPattern(id, pattern)),
  )
}

/** A backend with workers which never says that it has started. */
function neverReadyCluster(): { readonly backend: string; hasStarted(): Promise<void> } {
  const folder = temporaryFolder()
  const started = join(folder, 'started')
  const backend = write(
    folder,
    'never-ready.mjs',
    `import { clusterBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
     import { writeFileSync } from 'node:fs'
     const start = async (plan, host) => {
       await clusterBackend.start(plan, host)
       writeFileSync(${JSON.stringify(started)}, '')
       return new Promise(() => undefined)
     }
     export default { ...clusterBackend, name: 'never-ready', start }`,
  )
  return {
    backend,
    hasStarted: () => waitUntil(() => existsSync(started), { what: 'the server of a case to start' }),
  }
}

describe('lockstep conformance', () => {
  it('alone says what it would run, and runs nothing', async () => {
    const { code, stdout, stderr } = await runLockstep(['conformance'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`The suite has ${conformanceCases.length} cases.`)
    expect(stdout).toMatch(/^ {2}lockstep conformance single +every case on a backend$/m)
  })

  it.skipIf(!runsEverything)(
    `finds that a backend conforms which was written from the documentation${whyLeftOut}`,
    {
      timeout: 480_000,
    },
    async () => {
      const report = temporaryFolder()
      // The minimum decides about that, if nothing else fails. The whole takes two minutes more.
      const asked = runsWholeSuite ? conformanceCases : minimumAnd('tls/cert/*', 'processes/drain/*', 'app/*')
      const only = runsWholeSuite ? [] : asked.flatMap(({ id }) => ['--case', id])
      const { code, stdout } = await runLockstep(
        ['conformance', './examples/custom-backend.js', '--door', 'launch', '--report', report, ...only],
        { cwd: root, deadlineMs: 460_000 },
      )
      const { backend, results } = JSON.parse(readFileSync(join(report, 'results.json'), 'utf8')) as {
        backend: string
        results: { id: string; door: string; status: string }[]
      }
      const throughLaunch = asked.filter(({ doors }) => doors?.includes('launch') ?? true)
      expect([...new Set(results.map(({ id }) => id))]).toEqual(throughLaunch.map(({ id }) => id))
      expect([...new Set(results.map(({ door }) => door))]).toEqual(['launch'])
      const onWindows = throughLaunch.filter(({ needs }) => needs?.includes('windows')).map(({ id }) => id)
      const isExpected = ({ id, status }: { id: string; status: string }): boolean =>
        onWindows.includes(id) && process.platform !== 'win32'
          ? status === 'not on this platform'
          : ['pass', 'refused as declared', 'not observed'].includes(status)
      expect(results.filter((result) => !isExpected(result))).toEqual([])
      expect([backend, code]).toEqual(['custom', 0])
      expect(stdout).toMatch(/^\d+ cases, \d+ runs: .*conforms$/m)
    },
  )

  it('exits with its own code and names the failed case when a backend fails', async () => {
    const folder = temporaryFolder()
    const backend = write(
      folder,
      'dropper.mjs',
      `import { singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
       export default { ...singleBackend, name: 'dropper', start: (plan, host) => singleBackend.start({ ...plan, tls: null }, host) }`,
    )
    const { code, stdout } = await runLockstep([
      ...['conformance', backend, '--case', 'tls/cert/serves*', '--door', 'backend'],
      ...['--report', folder],
    ])
    expect(code).toBe(10)
    expect(stdout).toMatch(/✗ tls\/cert\/serves-that-leaf-with-its-chain/)
    expect(stdout).toContain('falls short')
    const written = (name: string): string => readFileSync(join(folder, name), 'utf8')
    expect(written('junit.xml')).toMatch(/<testsuite name="dropper on [^"]+" tests="1" failures="1"/)
    expect(written('results.md')).toMatch(/\| ✗ +\| `tls\/cert\/serves-that-leaf-with-its-chain` +\|/)
    expect(written('index.html')).toContain('✗ Falls short')
  })

  it('exits with its own code when a backend refuses what the minimum demands', async () => {
    const folder = temporaryFolder()
    const backend = write(
      folder,
      'refuser.mjs',
      `import { refused, singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
       const support = { ...singleBackend.support, 'tls.cert': refused('no', 'no'), 'tls.key': refused('no', 'no') }
       export default { ...singleBackend, name: 'refuser', support }`,
    )
    const { code, stdout } = await runLockstep([
      ...['conformance', backend, '--case', 'tls/cert/serves*', '--door', 'launch'],
      ...['--report', folder],
    ])
    expect(code).toBe(10)
    expect(stdout).toMatch(/does not conform, because it refuses .*TLS from a certificate and its key/)
    expect(stdout).toMatch(/^TLS: tls\.cert, tls\.key$/m)
    const written = (name: string): string => readFileSync(join(folder, name), 'utf8')
    expect(JSON.parse(written('results.json'))).toMatchObject({ verdict: { state: 'below the minimum' } })
    expect(written('results.md')).toContain('Below the minimum: TLS from a certificate and its key')
    expect(written('index.html')).toContain('✗ Below the minimum')
  })

  it('says how many runs it makes, and counts the results so far when it is interrupted', async () => {
    const backend = write(
      temporaryFolder(),
      'never.mjs',
      `import { singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
       const start = (plan, host) => (plan.tls ? new Promise(() => undefined) : singleBackend.start(plan, host))
       export default { ...singleBackend, name: 'never', start }`,
    )
    const run = beginLockstep([
      ...['conformance', backend, '--door', 'backend'],
      ...['--case', 'binding/host/*', '--case', 'tls/cert/serves-that-leaf*'],
    ])
    await run.waitFor('✓ binding/host/binds-that-interface-alone')
    process.kill(run.pid, 'SIGINT')
    const { signal, stdout } = await run.ended
    expect(signal).toBe('SIGINT')
    expect(stdout).toMatch(/^2 cases, which make 2 runs:\n/)
    expect(stdout).toMatch(/\nInterrupted after 1 of 2 runs, 1 pass\n$/)
  })

  it.each([
    ['SIGTERM', 'command'],
    ['SIGHUP', 'launch'],
    ['SIGINT', 'command'],
    ['SIGKILL', 'command'],
  ] as const)('ended by %s, leaves none of the processes that its cases have started', async (name, door) => {
    const { backend, hasStarted } = neverReadyCluster()
    const TMPDIR = temporaryFolder()
    const args = ['conformance', backend, '--door', door, '--case', 'tls/cert/serves-that-leaf*']
    const run = beginLockstep(args, { env: { TMPDIR } })
    await hasStarted()
    expect(run.processes().length).toBeGreaterThan(1)
    process.kill(run.pid, name)
    const { signal } = await run.ended
    expect(signal).toBe(name)
    await waitUntilGone(run.processes)
    // A killed process can't remove its files.
    if (name !== 'SIGKILL') expect(readdirSync(TMPDIR)).toEqual([])
  })

  it('ends at once by a second signal, and leaves no process', async () => {
    const { backend, hasStarted } = neverReadyCluster()
    const run = beginLockstep([
      'conformance',
      backend,
      '--door',
      'command',
      '--case',
      'tls/cert/serves-that*',
    ])
    await hasStarted()
    process.kill(run.pid, 'SIGTERM')
    process.kill(run.pid, 'SIGINT')
    expect(['SIGTERM', 'SIGINT']).toContain((await run.ended).signal)
    await waitUntilGone(run.processes)
  })

  it('lists the cases with their level and requirement', async () => {
    const { code, stdout } = await runLockstep(['conformance', '--list', '--case', 'limits/*'])
    expect(code).toBe(0)
    for (const { id } of conformanceCases) expect(stdout.includes(id)).toBe(id.startsWith('limits/'))
  })

  it('refuses a pattern that no case matches, and an unknown backend', async () => {
    expect(await runLockstep(['conformance', '--case', 'nothing/*'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LOCKSTEP_ERR_OPTION_INVALID'),
    })
    expect(await runLockstep(['conformance', '--door', 'windwo'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--door must be one of backend, launch, command'),
    })
    expect(await runLockstep(['conformance', '--known-failures', 'missing.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--known-failures'),
    })
    expect(await runLockstep(['conformance', 'clustre'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean cluster?'),
    })
  })
})
