import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exchange } from '../support/exchange.ts'
import { reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('cert create', () => {
  it('writes a leaf of the local CA that openssl accepts and a server can use, and a key that only its owner can read', async () => {
    const folder = join(temporaryFolder(), 'new', 'folder')
    const data = temporaryFolder()
    const root = join(data, 'lockstep', 'local-ca', 'root.pem')
    const { code, stdout, stderr } = await runLockstep(['cert', 'create', '--out', folder, '--days', '7'], {
      env: { XDG_DATA_HOME: data, COLUMNS: '60' },
    })
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    // Also where a terminal is narrower: then it can be copied.
    expect(stdout).toContain(`Start with it:\n  lockstep run app.js --tls-cert ${cert} --tls-key ${key}\n`)
    expect(stdout).toContain(`  lockstep cert trust\nOr a single client:\n  curl --cacert ${root}\n`)
    expect([modeOf(folder), modeOf(key)]).toEqual([0o700, 0o600])

    const x509 = await openssl('x509', '-in', cert, '-noout', '-subject', '-fingerprint', '-sha256', '-text')
    expect(x509).toContain('subject=CN = localhost')
    expect(x509).toContain('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(stdout.replaceAll(/\s/g, '')).toContain(/Fingerprint=([0-9A-F:]+)/.exec(x509)?.[1] ?? 'none')
    await openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', root, cert)
    await openssl('x509', '-in', cert, '-noout', '-checkend', String(6 * 86_400))
    expect((await run('openssl', ['x509', '-in', cert, '-noout', '-checkend', `${8 * 86_400}`])).code).toBe(1)
    expect(await openssl('pkey', '-in', key, '-pubout')).toBe(
      await openssl('x509', '-in', cert, '-noout', '-pubkey'),
    )

    await using server = await startLockstep([
      ...['run', 'apps/hello.js', '--port', '0', '--cert', cert, '--key', key],
    ])
    const ca = readFileSync(root, 'utf8')
    expect(await exchange(server.url, { ca })).toMatchObject({ status: 200 })
    expect(server.stderr()).toBe('')
  })

  it('shows the written paths without terminal control sequences, and quoted for a shell', async () => {
    const odd = join(temporaryFolder(), 'a b\u001b]0;title\u0007')
    const { code, stdout } = await runLockstep(['cert', 'create', '--self-signed', '--out', odd])
    expect(code).toBe(0)
    expect(existsSync(join(odd, 'cert.pem'))).toBe(true)
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    expect(stdout).toContain(String.raw`a b\x1b]0;title\x07/key.pem`)
    expect(stdout).toMatch(/--tls-cert '[^']*a b[^']*cert\.pem' --tls-key '/)
  })

  it('also shows the folder of the local CA in that way', async () => {
    const data = join(temporaryFolder(), 'd\u001b[31m')
    const env = { XDG_DATA_HOME: data }
    const run = (...args: string[]) => runLockstep(['cert', ...args], { env })
    const texts: string[] = []
    const folder = temporaryFolder()
    for (const args of [
      ['create', '--out', folder],
      ['trust', '--print'],
      ['untrust', '--print'],
    ]) {
      const { stdout, stderr } = await run(...args)
      texts.push(stdout, stderr)
    }
    writeFileSync(join(data, 'lockstep', 'local-ca', 'root.pem'), 'damaged')
    for (const args of [['untrust'], ['create', '--force', '--out', folder]]) {
      const { stdout, stderr } = await run(...args)
      texts.push(stdout, stderr)
    }
    expect(texts.join('')).toContain(String.raw`d\x1b[31m/lockstep/local-ca/root.pem is damaged`)
    expect(texts.join('')).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('accepts names and the kind of key', async () => {
    const folder = temporaryFolder()
    const names = ['shop.test', '*.shop.test', '--host', '192.168.1.7']
    const made = await runLockstep(['cert', 'create', '-o', folder, ...names, '--key-type', 'rsa-2048'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const x509 = await openssl('x509', '-in', join(folder, 'cert.pem'), '-noout', '-text')
    expect(x509).toContain('DNS:shop.test, DNS:*.shop.test, IP Address:192.168.1.7')
    expect(x509).toContain('Public-Key: (2048 bit)')
    expect(x509).toContain('Issuer: CN = Lockstep local CA')
  })

  it('creates a self-signed certificate on request, for any name', async () => {
    const folder = temporaryFolder()
    const data = temporaryFolder()
    const cert = join(folder, 'cert.pem')
    const made = await runLockstep(['cert', 'create', 'shop.com', '--self-signed', '-o', folder], {
      env: { XDG_DATA_HOME: data },
    })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout).toContain(`curl --cacert ${cert}`)
    await openssl('verify', '-CAfile', cert, '-verify_hostname', 'shop.com', cert)
    expect(existsSync(join(data, 'lockstep'))).toBe(false)
  })

  it('refuses to replace files without --force, and keeps a replaced key readable only by its owner', async () => {
    const folder = temporaryFolder()
    const key = join(folder, 'key.pem')
    writeFileSync(key, 'precious', { mode: 0o644 })
    const refused = await runLockstep(['cert', 'create', '--out', folder])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(
      `${key} would be replaced.\n  Choose another folder with --out, or say --force`,
    )
    expect(readFileSync(key, 'utf8')).toBe('precious')
    expect(existsSync(join(folder, 'cert.pem'))).toBe(false)

    expect(await runLockstep(['cert', 'create', '--out', folder, '--force'])).toMatchObject({ code: 0 })
    expect(readFileSync(key, 'utf8')).toContain('BEGIN PRIVATE KEY')
    expect(modeOf(key)).toBe(0o600)
  })

  it('reports that a damaged local CA was replaced', async () => {
    const data = temporaryFolder()
    mkdirSync(join(data, 'lockstep', 'local-ca'), { recursive: true })
    writeFileSync(join(data, 'lockstep', 'local-ca', 'root.pem'), 'damaged')
    const made = await runLockstep(['cert', 'create', '-o', temporaryFolder()], {
      env: { XDG_DATA_HOME: data },
    })
    expect(made.code).toBe(0)
    expect(made.stderr).toMatch(/The local CA was replaced by a new one, .*root-key\.pem is missing/)
  })

  it.each([
    { args: ['--days', '91'], says: '--days must be a whole number from 1 to 90; found "91"' },
    { args: ['--days', 'soon'], says: 'found "soon"' },
    { args: ['--key-type', 'dsa'], says: '--key-type must be one of ec-p256,' },
    { args: ['--workers', '2'], says: '--workers is not an option of `lockstep cert create`' },
    { args: ['shop.com'], says: 'The local CA may not name "shop.com"' },
    { args: ['8.8.8.8'], says: 'The local CA may not name "8.8.8.8"' },
    { args: ['https://shop.test/'], says: 'NAME must be a host name,' },
    { args: ['two words.test'], says: 'NAME must be a host name,' },
    { args: [`${'a'.repeat(64)}.test`], says: 'NAME must be a host name,' },
    { args: [`${'ä'.repeat(60)}.test`], says: 'NAME must be a host name,' },
    { args: [`${'a.'.repeat(126)}test`], says: 'NAME must be a host name,' },
  ])('refuses $args', async ({ args, says }) => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await runLockstep(['cert', 'create', '--out', folder, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(existsSync(join(folder, 'cert.pem'))).toBe(false)
  })

  it('reports all mistakes together', async () => {
    const { stderr } = await runLockstep(['cert', 'create', 'shop.com', '--days', '0', '--key-type', 'x'])
    expect(reportedCodes(stderr)).toEqual([
      'LOCKSTEP_ERR_OPTION_INVALID',
      'LOCKSTEP_ERR_OPTION_INVALID',
      'LOCKSTEP_ERR_CERT_NAME_REFUSED',
    ])
  })
})

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}
