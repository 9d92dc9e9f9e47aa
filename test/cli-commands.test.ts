import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from '@lockstep/certs'
import { optionGroups, optionNames, optionRow } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from './support/certificates.ts'
import { exchange } from './support/exchange.ts'
import { freePort, holdPort, reportedCodes } from './support/failed-launch.ts'
import { runLockstep, startLockstep } from './support/lockstep.ts'
import { run } from './support/programs.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const hello = 'apps/hello.js'

describe('--help', () => {
  it.each(['--help', '-h', 'help', 'plan --help'])(
    'names every flag of the option table under its group: lockstep %s',
    async (words) => {
      const { code, stdout, stderr } = await runLockstep(words.split(' '))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const sections = stdout.split(/\n\n(?=[A-Z])/)
      for (const name of optionNames) {
        const { group, flags, summary } = optionRow(name)
        if (flags.length === 0) continue
        const section = sections.find((text) => text.startsWith(`${optionGroups[group]}\n`)) ?? ''
        for (const flag of flags) expect(section).toMatch(new RegExp(String.raw`(?<![\w-])${flag}(?![\w-])`))
        expect(section.replaceAll(/\s+/g, ' ')).toContain(summary)
      }
    },
  )

  it('shows no secret as a flag, no colours where there is no terminal, and no line that is too wide', async () => {
    const { stdout } = await runLockstep(['--help'])
    expect(stdout).not.toMatch(/--[a-z-]*passphrase(?!-file|-command)/)
    expect(stdout).not.toContain('\u001B')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
    expect(stdout).not.toMatch(/[ \t]$/m)
  })

  it('of the overview lists the commands', async () => {
    const { stdout } = await runLockstep(['--help'])
    for (const command of ['run [APP]', 'check [APP]', 'plan [APP]', 'cert create', 'cert inspect FILE'])
      expect(stdout).toMatch(new RegExp(`^  ${command.replaceAll(/[[\]]/g, String.raw`\$&`)} `, 'm'))
  })

  it('of a command that takes no launch options shows its own flags alone', async () => {
    const { code, stdout } = await runLockstep(['help', 'cert', 'create'])
    expect(code).toBe(0)
    expect(stdout).toContain('lockstep cert create [options]')
    for (const flag of ['--host <name|IP>', '--out <folder>', '--days', '--key-type', '--force'])
      expect(stdout).toContain(flag)
    expect(stdout).not.toContain('--workers')
  })
})

describe('--version', () => {
  it.each(['--version', '-V'])('is that of the package: %s', async (flag) => {
    const { version } = JSON.parse(
      readFileSync(new URL('../packages/cli/package.json', import.meta.url), 'utf8'),
    )
    expect(await runLockstep([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('check', () => {
  it('can be made beside the server that runs, and so can plan: its port is worth a word, and no fault', async () => {
    await using server = await startLockstep(['run', hello, '--port', '0'])
    const checked = await runLockstep(['check', hello, '--port', String(server.port)])
    expect(checked).toMatchObject({ code: 0, stderr: '' })
    expect(checked.stdout).toMatch(
      new RegExp(
        `127\\.0\\.0\\.1:${server.port} is in use by process ${server.pid} .*A start would fail now`,
      ),
    )
    expect(await runLockstep(['plan', hello, '--port', String(server.port)])).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  it.each(['single', 'cluster'])(
    'of a good launch exits 0 with what it measured, leaves no file, and does not keep the port: %s',
    async (backend) => {
      const { cert, key, fingerprint256 } = await pairFiles()
      const port = await freePort()
      const files = ['pid', 'access.log'].map((name) => join(temporaryFolder(), name))
      const [pidFile = '', accessLog = ''] = files
      const { code, stdout, stderr } = await runLockstep([
        ...['check', hello, '--backend', backend, '--port', String(port), '--cert', cert, '--key', key],
        ...['--pid-file', pidFile, '--access-log', accessLog],
      ])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain(`would be served by ${backend} (named by --backend)`)
      expect(stdout).toMatch(new RegExp(`✓ certificate +${fingerprint256}`))
      expect(stdout).toMatch(/✓ min-version +refused/)
      expect(files.filter((file) => existsSync(file))).toEqual([])
      await using _holder = await holdPort(port)
    },
  )

  it('of an app that fails to load exits as `run` would, with the stack of the app', async () => {
    const port = await freePort()
    const finished = await runLockstep(['check', 'apps/throws-on-load.js', '--port', String(port)])
    expect(finished).toMatchObject({ code: 3, stdout: '' })
    expect(reportedCodes(finished.stderr)).toEqual(['ERR_APP_LOAD'])
    expect(finished.stderr).toMatch(/throws-on-load\.js:\d+/)
    await using _holder = await holdPort(port)
  })

  it('of several faults reports all of them, and never looks at the app', async () => {
    const { cert } = await pairFiles()
    const { key } = await pairFiles()
    const args = ['--cert', cert, '--key', key, '--tls-min-version', 'TLSv1.3', '--tls-ciphers', 'ALL']
    const finished = await runLockstep(['check', 'apps/throws-on-load.js', '--port', '0', ...args])
    expect(finished).toMatchObject({ code: 4, stdout: '' })
    expect(finished.stderr).toContain('2 things are wrong:')
    expect(reportedCodes(finished.stderr).sort()).toEqual(['ERR_TLS_CIPHERS_UNUSED', 'ERR_TLS_KEY_MISMATCH'])
  })
})

interface PlanJson {
  readonly backend: string | null
  readonly reason: string | null
  readonly options: readonly { name: string; value: string; source: string; setBy: string; verdict: string }[]
  readonly faults: readonly { code: string; hint: string; source: string | null }[]
}

describe('plan', () => {
  it('says the backend and why, and each option with its value, its source and how it is honoured', async () => {
    const { cert, key } = await pairFiles()
    const args = ['--port', '0', '--workers', '2', '--cert', cert, '--key', key]
    const { code, stdout, stderr } = await runLockstep(['plan', hello, ...args])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Backend: cluster \(auto: 2 workers need a primary\)\n/)
    expect(stdout).toMatch(/^ {2}✓ workers = 2 +--workers; honoured: processes$/m)
    expect(stdout).toMatch(
      /^ {2}✓ timeouts\.hang = 30s +the default; honoured: heartbeats of the event loop$/m,
    )
    expect(stdout).toMatch(/^ {4}name = unset$/m)
    expect(stdout).toContain(`tls.cert = ${cert}`)
    for (const title of Object.values(optionGroups)) expect(stdout).toContain(`\n${title}\n`)
    for (const name of optionNames) expect(stdout).toContain(` ${name} = `)
  })

  it('as JSON says the same of every option', async () => {
    const { code, stdout, stderr } = await runLockstep(['plan', hello, '--json', '--port', '0'], {
      env: { LOCKSTEP_NAME: 'shop', HOST: '::1' },
    })
    const plan = JSON.parse(stdout) as PlanJson
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(plan).toMatchObject({
      backend: 'single',
      reason: 'auto: one worker needs no primary',
      configFile: null,
      faults: [],
    })
    expect(plan.options.map(({ name }) => name)).toEqual(optionNames)
    const by = Object.fromEntries(plan.options.map((option) => [option.name, option]))
    expect(by).toMatchObject({
      app: { value: hello, source: 'APP', setBy: 'argv', verdict: 'honoured', honoured: true },
      name: { value: 'shop', source: 'LOCKSTEP_NAME', setBy: 'environment', verdict: 'honoured' },
      host: { value: '::1', source: 'HOST', setBy: 'environment', verdict: 'honoured' },
      port: { value: '0', source: '--port', setBy: 'argv', verdict: 'honoured' },
      backlog: { value: '511', source: 'the default', setBy: 'default', verdict: 'honoured' },
      'tls.cert': { value: 'unset', verdict: 'unset' },
      'timeouts.hang': { value: '30s', verdict: 'without effect', honoured: false },
    })
  })

  it('marks what is refused or overridden, and exits as `run` would', async () => {
    const args = ['plan', hello, '--bind', '127.0.0.1:0', '--hang-timeout', '3s']
    const text = await runLockstep(args, { env: { PORT: '4000' } })
    expect(text.code).toBe(6)
    expect(text.stdout).toMatch(/^ {2}✗ timeouts\.hang = 3s +--hang-timeout; refused: nobody watches/m)
    expect(text.stdout).toMatch(/^ {2}– port = 4000 +PORT; overridden by --bind$/m)
    expect(reportedCodes(text.stderr)).toEqual(['ERR_OPTION_REFUSED'])
    const json = await runLockstep([...args, '--json'], { env: { PORT: '4000' } })
    const plan = JSON.parse(json.stdout) as PlanJson
    expect(json).toMatchObject({ code: 6, stderr: '' })
    expect(plan.faults).toMatchObject([{ code: 'ERR_OPTION_REFUSED', source: '--hang-timeout' }])
    expect(plan.faults[0]?.hint).toContain('--backend cluster')
    expect(plan.options.find(({ name }) => name === 'timeouts.hang')).toMatchObject({ verdict: 'refused' })
  })

  it.each([
    { form: 'as it is', keyText: (pem: string) => pem },
    { form: 'with its line breaks escaped', keyText: (pem: string) => pem.replaceAll('\n', String.raw`\n`) },
  ])('shows neither a passphrase nor a key that stands in a variable $form', async ({ keyText }) => {
    const { cert, keyPem } = await pairFiles({ passphrase: 'hunter2' })
    const secrets = ['hunter2', keyPem.split('\n')[2] ?? '']
    expect(secrets[1]).toMatch(/^[\w+/=]{40,}$/)
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await runLockstep(['plan', hello, '--port', '0', '--cert', cert, ...json], {
        env: { LOCKSTEP_TLS_KEY: keyText(keyPem), LOCKSTEP_TLS_PASSPHRASE: 'hunter2' },
      })
      expect(stdout).toContain('LOCKSTEP_TLS_PASSPHRASE')
      expect(stdout).toContain('(hidden)')
      expect(stdout).toContain('(given in memory)')
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
    }
  })
})

describe('cert create', () => {
  it('writes a pair that openssl takes, a key for its owner alone, and that serves', async () => {
    const folder = join(temporaryFolder(), 'new', 'folder')
    const { code, stdout, stderr } = await runLockstep(['cert', 'create', '--out', folder, '--days', '7'])
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`lockstep run APP --tls-cert ${cert} --tls-key ${key}`)
    expect(modeOf(key)).toBe(0o600)

    const x509 = await openssl('x509', '-in', cert, '-noout', '-subject', '-fingerprint', '-sha256', '-text')
    expect(x509).toContain('subject=CN = localhost')
    expect(x509).toContain('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(stdout).toContain(/Fingerprint=([0-9A-F:]+)/.exec(x509)?.[1])
    await openssl('verify', '-CAfile', cert, cert)
    await openssl('x509', '-in', cert, '-noout', '-checkend', String(6 * 86_400))
    expect((await run('openssl', ['x509', '-in', cert, '-noout', '-checkend', `${8 * 86_400}`])).code).toBe(1)
    expect(await openssl('pkey', '-in', key, '-pubout')).toBe(
      await openssl('x509', '-in', cert, '-noout', '-pubkey'),
    )

    await using server = await startLockstep(['run', hello, '--port', '0', '--cert', cert, '--key', key])
    const ca = readFileSync(cert, 'utf8')
    expect(await exchange(server.url, { ca })).toMatchObject({ status: 200 })
    expect(server.stderr()).toBe('')
  })

  it('takes hosts and the kind of key', async () => {
    const folder = temporaryFolder()
    const hosts = ['--host', 'shop.example', '--host', '*.shop.example', '--host', '192.0.2.7']
    const made = await runLockstep(['cert', 'create', '-o', folder, ...hosts, '--key-type', 'rsa-2048'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const x509 = await openssl('x509', '-in', join(folder, 'cert.pem'), '-noout', '-text')
    expect(x509).toContain('DNS:shop.example, DNS:*.shop.example, IP Address:192.0.2.7')
    expect(x509).toContain('Public-Key: (2048 bit)')
  })

  it('refuses to replace files, unless it is told to; then too the key is for its owner alone', async () => {
    const folder = temporaryFolder()
    const key = join(folder, 'key.pem')
    writeFileSync(key, 'precious', { mode: 0o644 })
    const refused = await runLockstep(['cert', 'create', '--out', folder])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(
      `${key} would be replaced. Choose another folder with --out, or say --force`,
    )
    expect(readFileSync(key, 'utf8')).toBe('precious')
    expect(existsSync(join(folder, 'cert.pem'))).toBe(false)

    expect(await runLockstep(['cert', 'create', '--out', folder, '--force'])).toMatchObject({ code: 0 })
    expect(readFileSync(key, 'utf8')).toContain('BEGIN PRIVATE KEY')
    expect(modeOf(key)).toBe(0o600)
  })

  it.each([
    { args: ['--days', '398'], says: '--days must be a whole number from 1 to 397; found "398"' },
    { args: ['--days', 'soon'], says: 'found "soon"' },
    { args: ['--key-type', 'dsa'], says: '--key-type must be one of ec-p256,' },
    { args: ['--workers', '2'], says: '--workers is no option of `lockstep cert create`' },
    { args: ['stray'], says: '`lockstep cert create` takes no argument "stray"' },
  ])('refuses $args', async ({ args, says }) => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await runLockstep(['cert', 'create', '--out', folder, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(existsSync(join(folder, 'cert.pem'))).toBe(false)
  })
})

describe('cert inspect', () => {
  it('shows every certificate of a chain, in the order of the file', async () => {
    const root = await createAuthority({ commonName: 'a root' })
    const issuer = await createAuthority({ commonName: 'an intermediate', issuer: root })
    const { cert, fingerprint256 } = await pairFiles({ authority: issuer, hosts: ['shop.example'] })
    const { code, stdout } = await runLockstep(['cert', 'inspect', cert])
    expect(code).toBe(0)
    const [leaf = '', intermediate = '', ...others] = stdout.split('\n\n')
    expect(others).toEqual([])
    expect(leaf).toMatch(
      /^Certificate 1 of 2\n[\s\S]*subject +CN=shop\.example\n +issuer +CN=an intermediate\n/,
    )
    expect(leaf).toMatch(new RegExp(`SHA-256 +${fingerprint256}$`))
    expect(intermediate).toMatch(/^Certificate 2 of 2\n[\s\S]*authority +yes\n/)
    expect(intermediate).toContain(issuer.fingerprint256)
  })

  it('reads DER too, and agrees with openssl, as JSON', async () => {
    const { cert } = await pairFiles()
    const der = join(temporaryFolder(), 'cert.der')
    await openssl('x509', '-in', cert, '-outform', 'DER', '-out', der)
    const { code, stdout } = await runLockstep(['cert', 'inspect', der, '--json'])
    expect(code).toBe(0)
    const [facts, ...others] = JSON.parse(stdout)
    expect(others).toEqual([])
    const x509 = await openssl(
      'x509',
      '-in',
      cert,
      '-noout',
      '-serial',
      '-fingerprint',
      '-sha256',
      '-enddate',
    )
    expect(x509).toContain(`serial=${facts.serialNumber}\n`)
    expect(x509).toContain(`Fingerprint=${facts.fingerprint256}\n`)
    expect(new Date(/notAfter=(.+)/.exec(x509)?.[1] ?? '').toISOString()).toBe(facts.notAfter)
    expect(facts).toMatchObject({ subject: 'CN=localhost', selfSigned: true, isAuthority: false })
  })

  it.each([
    { content: 'nothing', text: '', says: 'The file is empty.' },
    { content: 'garbage', text: 'garbage\n', says: 'holds no certificate' },
    { content: 'another kind of PEM', text: pemOf('PRIVATE KEY'), says: 'no certificate, but a PRIVATE KEY' },
    { content: 'a certificate that is cut off', text: pemOf('CERTIFICATE'), says: 'can not be parsed' },
    { content: 'UTF-16', text: Buffer.from(pemOf('CERTIFICATE'), 'utf16le'), says: 'saved as UTF-16' },
    { content: 'DER that is none', text: Buffer.from([0x30, 0x03, 1, 2, 3]), says: 'can not be parsed' },
  ])('of a file with $content says what is wrong', async ({ text, says }) => {
    const file = write(temporaryFolder(), 'some.pem', text)
    const { code, stdout, stderr } = await runLockstep(['cert', 'inspect', file])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(file)
    expect(stderr).toContain(says)
    expect(reportedCodes(stderr)).toEqual(['ERR_TLS_CERT_INVALID'])
  })

  it.each([
    { args: ['missing.pem'], code: 4, error: 'ERR_TLS_FILE_UNREADABLE' },
    { args: ['apps'], code: 4, error: 'ERR_TLS_FILE_UNREADABLE' },
    { args: [], code: 2, error: 'ERR_COMMAND_UNKNOWN' },
  ])('of $args says so', async ({ args, code, error }) => {
    const finished = await runLockstep(['cert', 'inspect', ...args])
    expect(finished).toMatchObject({ code, stdout: '' })
    expect(reportedCodes(finished.stderr)).toEqual([error])
  })
})

/** Runs openssl, which must succeed. */
async function openssl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run('openssl', args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}

/** PEM with nothing sensible in it. */
function pemOf(label: string): string {
  return `-----BEGIN ${label}-----\nMAMBAgM=\n-----END ${label}-----\n`
}
