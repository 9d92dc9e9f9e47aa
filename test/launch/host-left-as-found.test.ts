import { describe, expect, it } from 'vitest'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { runHost } from '../support/run-host.ts'

describe('the process of a host', () => {
  it('is restored after a stop and after a failed launch', async () => {
    const { results } = await runHost<{
      results: Record<string, { outcome: string; differences: readonly string[] }>
    }>('left-as-found.js')
    expect(Object.fromEntries(Object.entries(results).map(([kind, { outcome }]) => [kind, outcome]))).toEqual(
      {
        'in memory': 'served',
        'single with everything': 'served',
        'cluster with everything': 'served',
        'over TLS': 'served',
        'an app that throws, single': 'LOCKSTEP_ERR_APP_LOAD',
        'an app that throws, cluster': 'LOCKSTEP_ERR_APP_LOAD',
        'a taken port': 'LOCKSTEP_ERR_ADDRESS_IN_USE',
        'a hook that refuses': 'LOCKSTEP_ERR_HOOK_BEFORE_START',
        'a PID file that cannot be written': 'LOCKSTEP_ERR_PID_FILE',
        'options that are wrong': 'LOCKSTEP_ERR_OPTION_INVALID',
        'given up while it boots': 'LOCKSTEP_ERR_STOPPED',
      },
    )
    const changed = Object.entries(results).flatMap(([kind, { differences }]) =>
      differences.map((difference) => `${kind}: ${difference}`),
    )
    expect(changed).toEqual([])
  })
})

describe('a program that calls main()', () => {
  it.each(['single', 'cluster'])(
    'gets its signals and process state back when main() resolves (%s)',
    async (backend) => {
      const { before, after, ...rest } = await runHost<Record<string, unknown>>('calls-main.js', {
        args: [backend],
      })
      expect(rest).toEqual({ code: 0, failed: 3, served: true })
      expect(after).toEqual(before)
    },
  )
})

describe('settings of a process', () => {
  it('are shared by servers with the same values, and restored after the last one stops', async () => {
    const seen = await runHost<Record<string, unknown>>('process-settings.js')
    const taken = { cwd: '/a', umask: 0o077 }
    expect(seen).toEqual({
      first: { ...taken, title: 'first' },
      otherFolder: ['LOCKSTEP_ERR_PROCESS_SETTING', 6, expect.stringContaining('/b')],
      otherUmask: ['LOCKSTEP_ERR_PROCESS_SETTING', 6, expect.stringContaining('002')],
      samePidFile: 'LOCKSTEP_ERR_PID_FILE',
      freePidFile: 'served',
      afterRefusals: { ...taken, title: 'first' },
      both: { ...taken, title: 'first, second' },
      secondAlone: { ...taken, title: 'second' },
      none: { cwd: expect.any(String), umask: 0o022, title: 'host', isBack: true },
      worker: 'FOLDER',
      together: ['fulfilled', 'LOCKSTEP_ERR_PROCESS_SETTING'],
      last: { cwd: '', umask: 0o022, title: 'host' },
    })
  })

  it('are refused in a worker thread, because it cannot change them', async () => {
    const refused = 'LaunchError LOCKSTEP_ERR_OPTION_REFUSED'
    expect(await runHost('in-a-thread.js')).toEqual({
      single: 200,
      cluster: 200,
      name: 200,
      'umask, single': refused,
      'umask, cluster': refused,
      'chdir, single': refused,
      'chdir, cluster': refused,
    })
  })
})

describe('a host that changes its folder', () => {
  it.each([
    ['a flag', { flags: ['--import', './preload.mjs'] }],
    ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--import ./preload.mjs' } }],
  ])(
    'starts later workers like the first, with modules that %s preloads by a relative path',
    async (_what, how) => {
      const worker = { preloaded: true, cwd: fixtures.replace(/\/$/, '') }
      expect(await runHost('moves-away.js', how)).toEqual({ before: worker, after: worker, cwd: '/' })
    },
  )
})

describe('--chdir', () => {
  it.each(['single', 'cluster'])(
    'resolves relative preloads from the folder where the command was started (%s)',
    async (backend) => {
      await using server = await startLockstep(
        ['preloaded.js', '--chdir', 'apps', '--backend', backend, '--port', '0'],
        { env: { NODE_OPTIONS: '--import ./preload.mjs' } },
      )
      expect(await (await fetch(server.url)).json()).toEqual({ preloaded: true, cwd: `${fixtures}apps` })
    },
  )
})
