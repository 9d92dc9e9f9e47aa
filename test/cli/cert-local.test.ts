import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const args = ['run', 'apps/hello.js', '--tls-self-signed', '--port', '0']

function fingerprint(server: Started): string {
  return /SHA-256: +([0-9A-F:]{95})/.exec(server.stdout())?.[1] ?? ''
}

function withData(data: string): { env: Record<string, string>; root: string } {
  return { env: { XDG_DATA_HOME: data }, root: join(data, 'lockstep', 'local-ca', 'root.pem') }
}

describe('--tls-self-signed', () => {
  it('serves a chain that curl and openssl trust if they have only the root of the local CA', async () => {
    const { env, root } = withData(temporaryFolder())
    await using server = await startLockstep(args, { env })
    const url = `https://localhost:${server.port}/`
    expect((await run('curl', ['-sS', '--cacert', root, '--noproxy', '*', url])).code).toBe(0)
    // 60: the peer's certificate cannot be verified.
    expect((await run('curl', ['-sS', '--noproxy', '*', url])).code).toBe(60)
    for (const name of [
      ['-verify_hostname', 'localhost'],
      ['-verify_ip', '127.0.0.1'],
    ]) {
      const handshake = ['s_client', '-connect', `127.0.0.1:${server.port}`, '-verify_return_error']
      const seen = await run('openssl', [...handshake, '-CAfile', root, ...name])
      expect(seen.stdout).toContain('Verify return code: 0 (ok)')
    }
    expect(server.stdout()).toMatch(
      /Cert: +CN=localhost \(by CN=Lockstep local CA [0-9a-f]{8}\), expires .* \(in 89 days\)/,
    )
    expect(server.stderr()).toBe('')
  })

  it('serves the same leaf at the next start, and under the other backend', async () => {
    const { env } = withData(temporaryFolder())
    const seen = new Set<string>()
    for (const backend of ['single', 'cluster', 'single']) {
      await using server = await startLockstep([...args, '--backend', backend], { env })
      seen.add(fingerprint(server))
    }
    expect([...seen]).toEqual([expect.stringMatching(/^[0-9A-F:]{95}$/)])
  })

  it('says how to trust the local CA, until this machine does', async () => {
    const { env, root } = withData(temporaryFolder())
    {
      await using first = await startLockstep(args, { env })
      expect(first.stdout()).toMatch(/Trust: +run lockstep cert trust once/)
    }
    // OpenSSL reads the store of the machine from there.
    await using second = await startLockstep(args, { env: { ...env, SSL_CERT_FILE: root } })
    expect(second.stdout()).toContain('Cert:')
    expect(second.stdout()).not.toContain('Trust:')
  })

  it('replaces a damaged local CA, and reports it once, with the cure', async () => {
    const { env, root } = withData(temporaryFolder())
    {
      await using first = await startLockstep(args, { env })
      expect(first.stderr()).toBe('')
    }
    writeFileSync(root, 'damaged')
    {
      await using second = await startLockstep(args, { env })
      await second.waitFor('The local CA was replaced by a new one, Lockstep local CA ')
      expect(second.stderr()).toContain(`because ${root} is damaged`)
      expect(second.stderr()).toContain('lockstep cert trust')
      const url = `https://localhost:${second.port}/`
      expect((await run('curl', ['-sS', '--cacert', root, '--noproxy', '*', url])).code).toBe(0)
    }
    await using third = await startLockstep(args, { env })
    expect(third.stderr()).toBe('')
  })

  it('is refused if the local CA cannot be stored', async () => {
    const data = write(temporaryFolder(), 'file', '')
    await failedLaunch(args.slice(0, 3), {
      env: withData(data).env,
      code: 'LOCKSTEP_ERR_LOCAL_CA',
      says: [`The local CA can't be kept in ${data}`, '--tls-self-signed', 'XDG_DATA_HOME'],
    })
  })

  it('is shown by plan without the key', async () => {
    const data = temporaryFolder()
    const { stdout } = await runLockstep(['plan', ...args.slice(1), '--json'], withData(data))
    expect(stdout).toContain('a leaf of the local CA')
    expect(stdout).not.toContain('PRIVATE KEY')
    rmSync(data, { recursive: true })
  })
})
