import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type PeerName, peer, peerVersion } from '../../scripts/peers/peers.mjs'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import { missingPeers } from '../support/missing-peers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const without = missingPeers('gunicorn', 'uvicorn', 'gunicorn-26', 'gunicorn-old', 'uvicorn-old')

const folder = join(fixtures, 'python')
const run = promisify(execFile)

/** A process may end while it is read. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

const pathWith = (program: PeerName): string => `${dirname(peer(program))}${delimiter}${process.env['PATH']}`

describe.skipIf(process.platform === 'win32' || without !== '')(
  `a Python app that cannot be served${without}`,
  { timeout: 60_000 },
  () => {
    const fails = (
      words: readonly string[],
      expected: { code: string; says: readonly (string | RegExp)[] },
      {
        program = 'gunicorn',
        env = {},
        cwd = folder,
      }: { program?: PeerName; env?: Record<string, string>; cwd?: string } = {},
    ) =>
      failedLaunch(['run', ...words], {
        ...expected,
        code: `LOCKSTEP_ERR_${expected.code}`,
        cwd,
        env: { PATH: pathWith(program), ...env },
        deadlineMs: 40_000,
      })

    it('is refused where its server is not installed, with the command that installs it', async () => {
      await fails(
        ['apps.py:asgi', '--backend', 'uvicorn'],
        {
          code: 'PROGRAM_NOT_FOUND',
          says: ['uvicorn is not installed', "-m pip install 'uvicorn[standard]'"],
        },
        { program: 'gunicorn-26', env: { PATH: dirname(peer('gunicorn-26')) } },
      )
    })

    it('is refused where there is no Python', async () => {
      await fails(
        ['apps.py:asgi', '--backend', 'gunicorn'],
        { code: 'PROGRAM_NOT_FOUND', says: ['no Python in PATH', 'pip install gunicorn'] },
        { env: { PATH: temporaryFolder() } },
      )
    })

    it('is refused when its module is not there', async () => {
      const says = ["No module named 'missing'", 'MODULE:NAME']
      await fails(['missing:app', '--backend', 'gunicorn'], { code: 'APP_NOT_FOUND', says })
    })

    it('is refused when its module lacks it', async () => {
      const says = ["has no attribute 'missing'", 'main:app']
      await fails(['apps.py:missing'], { code: 'APP_EXPORT_MISSING', says })
    })

    it('is refused when it cannot be called', async () => {
      const says = ['type int', 'Django']
      await fails(['apps.py:not_an_app'], { code: 'APP_UNRECOGNISED', says })
    })

    it.each(['gunicorn', 'uvicorn'])(
      'is refused by %s with its own error when it fails while it is imported',
      async (backend) => {
        const says = ['ValueError: no database here', 'fails.py", line 7']
        await fails(['fails.py:app', '--backend', backend], { code: 'APP_LOAD', says })
      },
    )

    it('is refused at once when it leaves a process behind, which is ended', async () => {
      const says = ['ValueError: no database here']
      await fails(['leaves_behind.py:app', '--backend', 'uvicorn'], { code: 'APP_LOAD', says })
      const left = readdirSync('/proc').filter(
        (pid) => /^\d+$/.test(pid) && commandOf(pid).includes('leaves-behind'),
      )
      expect(left).toEqual([])
    })

    it('is refused when a gunicorn.conf.py names another app', async () => {
      const place = temporaryFolder()
      writeFileSync(join(place, 'gunicorn.conf.py'), "wsgi_app = 'other:app'\n")
      copyFileSync(join(folder, 'apps.py'), join(place, 'apps.py'))
      const says = ['wsgi_app of gunicorn.conf.py', 'argument of `lockstep run`']
      await fails(['apps.py:wsgi', '--backend', 'gunicorn'], { code: 'OPTION_REFUSED', says }, { cwd: place })
    })

    it('is refused with its last words when it ends its process', async () => {
      await fails(['ends_itself.py:app'], {
        code: 'APP_LOAD',
        says: ['exit code 7', 'this app needs a licence'],
      })
    })

    it.each(['gunicorn', 'uvicorn'])(
      'is refused by %s with the output of the server when its startup fails',
      async (backend) => {
        const says = ['the migration is missing']
        await fails(['fails_to_start.py:app', '--backend', backend], { code: 'PROGRAM_ENDED', says })
      },
    )

    it('is refused when Gunicorn has no worker that believes the front', async () => {
      const says = ['26.2.0', 'X-Forwarded-Proto', 'pip install uvicorn-worker']
      await fails(['apps.py:asgi'], { code: 'APP_UNFIT', says }, { program: 'gunicorn-26' })
      const env = { GUNICORN_CMD_ARGS: '-k asgi' }
      await fails(
        ['apps.py:asgi'],
        { code: 'APP_UNFIT', says: ['worker_class'] },
        { program: 'gunicorn-26', env },
      )
    })

    it('is refused when Uvicorn has to call its factory with arguments', async () => {
      const says = ['without arguments', '--backend gunicorn']
      await fails(['apps:create_app("wsgi")', '--backend', 'uvicorn'], { code: 'APP_UNFIT', says })
    })

    it('is refused with what its gunicorn.conf.py sets against the front', async () => {
      await failedLaunch(['run', 'main:app'], {
        code: ['LOCKSTEP_ERR_OPTION_REFUSED', 'LOCKSTEP_ERR_OPTION_REFUSED'],
        says: ['certfile of gunicorn.conf.py', '--tls-cert', 'workers of gunicorn.conf.py', '--workers'],
        cwd: join(folder, 'own-tls'),
        env: { PATH: pathWith('gunicorn') },
        deadlineMs: 40_000,
      })
    })

    it.each([
      [
        'gunicorn',
        { GUNICORN_CMD_ARGS: '--bind 0.0.0.0:1' },
        'bind of gunicorn.conf.py or GUNICORN_CMD_ARGS',
      ],
      ['uvicorn', { UVICORN_SSL_KEYFILE: 'key.pem' }, 'UVICORN_SSL_KEYFILE'],
      ['uvicorn', { UVICORN_HOST: '0.0.0.0' }, 'UVICORN_HOST'],
      ['uvicorn', { UVICORN_USE_COLORS: 'true', UVICORN_RELOAD: '' }, 'UVICORN_USE_COLORS'],
      ['gunicorn', { GUNICORN_CMD_ARGS: '--paste app.ini' }, 'paste of gunicorn.conf.py'],
      ['gunicorn', { GUNICORN_CMD_ARGS: '--print-config' }, 'print_config of gunicorn.conf.py'],
    ] as const)(
      'is refused with what variables of %s set against the front (%o)',
      async (backend, env, says) => {
        await fails(
          ['apps.py:wsgi', '--backend', backend],
          { code: 'OPTION_REFUSED', says: [says] },
          { env: { ...env } },
        )
      },
    )

    it.each([
      [['--hang-timeout', '1500ms'], 'whole seconds'],
      [['--backend', 'uvicorn', '--hang-timeout', '5s'], 'Uvicorn has no process that watches'],
      [['--stop-signal', 'SIGHUP'], 'Gunicorn does not end by SIGHUP'],
      [['--', 'word'], 'GUNICORN_CMD_ARGS'],
      [['--interface', 'fetch'], 'of Node'],
    ] as const)('is refused with an option that its server cannot honour (%s)', async (words, says) => {
      await fails(['apps.py:wsgi', ...words], { code: 'OPTION_REFUSED', says: [says] })
    })

    it('finds its server in the virtual environment beside it', async () => {
      const place = temporaryFolder()
      symlinkSync(dirname(dirname(peer('gunicorn'))), join(place, '.venv'))
      const env = { PATH: temporaryFolder() }
      await fails(
        ['missing:app', '--backend', 'gunicorn'],
        { code: 'APP_NOT_FOUND', says: [join(place, '.venv')] },
        { env, cwd: place },
      )
    })
  },
)

interface Flag {
  readonly flag: string
  readonly since: string | null
}

describe.skipIf(without !== '')(`the flags of the servers${without}`, () => {
  const programs: PeerName[] = ['gunicorn', 'gunicorn-26', 'gunicorn-old', 'uvicorn', 'uvicorn-old']

  it.each(programs)('are those that the help of %s lists, by its version', async (name) => {
    const { gunicornFlags } = await import('../../packages/external/src/gunicorn/gunicorn-flags.ts')
    const { uvicornFlags } = await import('../../packages/external/src/uvicorn/uvicorn-flags.ts')
    const { isSince } = await import('../../packages/external/src/python/versions.ts')
    const flags: readonly Flag[] = name.startsWith('uvicorn') ? uvicornFlags : gunicornFlags
    const { stdout } = await run(peer(name), ['--help'], { env: { ...process.env, COLUMNS: '200' } })
    const listed = new Set(stdout.match(/--[a-z][\w-]*/g))
    const version = peerVersion(name)
    const expected = flags.filter(({ since }) => since === null || isSince(version, since))
    expect(flags.filter(({ flag }) => listed.has(flag))).toEqual(expected)
  })
})
