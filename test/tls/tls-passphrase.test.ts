import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { issueCertificate } from '@lockstep/certs'
import { type LaunchError, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'

const secret = 'open sesame'
const alone = { config: false, envFile: false, environment: false } as const

async function encrypted(): Promise<LockstepConfig> {
  const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], passphrase: secret })
  return {
    app: join(fixtures, 'apps/hello.js'),
    host: '127.0.0.1',
    port: 0,
    log: { level: 'silent' },
    tls: { cert: certPem, key: keyPem },
  }
}

describe('a passphrase function', () => {
  it.each([
    { what: 'at once', passphrase: () => secret },
    { what: 'as a promise', passphrase: async () => Promise.resolve(secret) },
  ])('opens the key: $what', async ({ passphrase }) => {
    const options = await encrypted()
    await using handle = await launch({ ...options, tls: { ...options.tls, passphrase } }, alone)
    expect(handle.url).toMatch(/^https:/)
    expect(inspect(handle.status(), { depth: 9 })).not.toContain(secret)
  })

  it.each([
    { what: 'another one', passphrase: () => 'hunter2', code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG' },
    { what: 'nothing', passphrase: () => '', code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE' },
    {
      what: 'no text',
      passphrase: (() => undefined) as unknown as () => string,
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
    },
    {
      what: 'an exception',
      passphrase: () => {
        throw new Error('the vault is sealed')
      },
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
    },
  ])('refuses the launch if it returns $what, which is not shown', async ({ passphrase, code }) => {
    const options = await encrypted()
    const error = await launch({ ...options, tls: { ...options.tls, passphrase } }, alone).then(
      () => null,
      (reason: LaunchError) => reason,
    )
    expect(error?.code).toBe(code)
    expect(error?.message).not.toContain('hunter2')
    expect(error?.message).toContain('tls.passphrase in launch()')
  })
})

describe('a passphrase from the environment', () => {
  it('does not appear in a log, a plan or a worker', async () => {
    const { cert, key } = await pairFiles({ passphrase: secret })
    const args = [join(fixtures, 'apps/hello.js'), '--tls-cert', cert, '--tls-key', key, '--workers', '2']
    const env = { LOCKSTEP_TLS_PASSPHRASE: secret }
    for (const form of [[], ['--json']]) {
      const { stdout, stderr, code } = await runLockstep(['plan', ...args, ...form], { env })
      expect(code).toBe(0)
      expect(stdout + stderr).not.toContain(secret)
    }
    await using server = await startLockstep(['run', ...args, '--port', '0', '--log-level', 'debug'], { env })
    expect(server.url).toMatch(/^https:/)
    const workers = server.processes().filter((pid) => pid !== server.pid)
    expect(workers.length).toBeGreaterThanOrEqual(2)
    for (const pid of workers)
      for (const file of ['environ', 'cmdline'])
        expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(secret)
    expect(server.stdout() + server.stderr()).not.toContain(secret)
  })
})
