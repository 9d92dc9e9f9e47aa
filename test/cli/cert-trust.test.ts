import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { anchors, ownTrustStores } from '../support/own-trust-stores.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const deadlineMs = 60_000

const { canTry } = ownTrustStores
const hasNss = canTry && existsSync('/usr/bin/certutil')

describe.skipIf(!canTry)('cert trust and cert untrust', () => {
  it('make curl trust a server with --tls-self-signed, and later distrust it, without changing the machine', async () => {
    const folder = temporaryFolder()
    const before = readdirSync(anchors)
    const env = { XDG_DATA_HOME: join(folder, 'data'), HOME: folder }
    const through = ownTrustStores.through(folder)
    await using server = await startLockstep(['run', 'apps/hello.js', '--tls-self-signed', '--port', '0'], {
      env,
    })
    const url = `https://localhost:${server.port}/`
    const curl = async (): Promise<number | null> => {
      const [program = '', ...args] = [...through, 'curl', '-sS', '--noproxy', '*', url]
      return (await run(program, args)).code
    }
    expect(await curl()).toBe(60)

    const trust = await runLockstep(['cert', 'trust', '--yes'], { env, through, deadlineMs })
    expect(trust.code, trust.stderr).toBe(0)
    expect(trust.stdout).toContain(
      `install -m 0644 ${env.XDG_DATA_HOME}/lockstep/local-ca/root.pem ${anchors}/`,
    )
    expect(trust.stdout).toMatch(/✓ This machine trusts Lockstep local CA [0-9a-f]{8}\.\n/)
    expect(trust.stdout).toContain('NODE_EXTRA_CA_CERTS=')
    expect(await curl()).toBe(0)
    const seen = await runLockstep(['cert', 'inspect', `localhost:${server.port}`, '--json'], {
      env,
      through,
    })
    expect(JSON.parse(seen.stdout)).toMatchObject({ findings: [], root: { trustedBy: 'machine' } })

    const untrust = await runLockstep(['cert', 'untrust', '--yes'], { env, through, deadlineMs })
    expect(untrust.code, untrust.stderr).toBe(0)
    expect(await curl()).toBe(60)
    expect(readdirSync(anchors)).toEqual(before)
  }, 120_000)

  it.skipIf(!hasNss)(
    'also add the root to the databases of Firefox and Chromium',
    async () => {
      const folder = temporaryFolder()
      const env = { XDG_DATA_HOME: join(folder, 'data'), HOME: folder }
      const through = ownTrustStores.through(folder)
      const databases = ['.pki/nssdb', '.mozilla/firefox/abc.default'].map((path) => join(folder, path))
      for (const database of databases) {
        mkdirSync(database, { recursive: true })
        expect((await run('certutil', ['-N', '-d', `sql:${database}`, '--empty-password'])).code).toBe(0)
      }
      const listed = async (): Promise<string[]> =>
        Promise.all(
          databases.map(async (each) => (await run('certutil', ['-L', '-d', `sql:${each}`])).stdout),
        )

      expect(await runLockstep(['cert', 'trust', '--yes'], { env, through, deadlineMs })).toMatchObject({
        code: 0,
      })
      for (const list of await listed()) expect(list).toMatch(/Lockstep local CA [0-9a-f]{8} +C,,/)
      // A root that is already trusted is not added again, and causes no error.
      const again = await runLockstep(['cert', 'trust', '--print'], { env, through, deadlineMs })
      expect(again.stdout).not.toContain('certutil')
      expect(await runLockstep(['cert', 'untrust', '--yes'], { env, through, deadlineMs })).toMatchObject({
        code: 0,
      })
      for (const list of await listed()) expect(list).not.toContain('Lockstep')
    },
    120_000,
  )

  it('only show the commands with --print, and change nothing', async () => {
    const env = { XDG_DATA_HOME: temporaryFolder(), HOME: temporaryFolder() }
    const before = readdirSync(anchors)
    const { code, stdout, stderr } = await runLockstep(['cert', 'trust', '--print'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').map((line) => line.replace(/^sudo /, ''))).toEqual([
      expect.stringMatching(/^install -m 0644 .*\/root\.pem .*\/lockstep-local-ca-[0-9a-f]{8}\.crt$/),
      'update-ca-certificates',
      '',
    ])
    expect(readdirSync(anchors)).toEqual(before)
  })

  it('show the commands, but run none if there is no terminal to ask the user', async () => {
    const env = { XDG_DATA_HOME: temporaryFolder(), HOME: temporaryFolder() }
    const before = readdirSync(anchors)
    const { code, stdout, stderr } = await runLockstep(['cert', 'trust'], { env })
    expect(code).toBe(2)
    expect(stdout).toContain('update-ca-certificates\n')
    expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_OPTION_INVALID'])
    expect(stderr).toContain('Say --yes to run them')
    expect(readdirSync(anchors)).toEqual(before)
  })

  it('report which command failed', async () => {
    const folder = temporaryFolder()
    const env = { XDG_DATA_HOME: join(folder, 'data'), HOME: folder }
    const failing = write(
      folder,
      'failing.sh',
      `mount --bind /dev/null /usr/sbin/update-ca-certificates\nexec "$@"\n`,
    )
    const through = [...ownTrustStores.through(folder), 'sh', failing]
    const { code, stderr } = await runLockstep(['cert', 'trust', '--yes'], { env, through, deadlineMs })
    expect(code).toBe(4)
    expect(stderr).toContain('`update-ca-certificates` failed: ')
    expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_TRUST_STORE'])
  })
})

describe('cert untrust', () => {
  it('does nothing without a local CA, and creates none', async () => {
    const data = temporaryFolder()
    const finished = await runLockstep(['cert', 'untrust', '--yes'], { env: { XDG_DATA_HOME: data } })
    expect(finished).toMatchObject({ code: 0, stdout: '· There is no local CA.\n', stderr: '' })
    expect(readdirSync(data)).toEqual([])
  })
})
