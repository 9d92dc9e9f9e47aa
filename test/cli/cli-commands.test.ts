import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OptionName, optionNames } from '@lockstep/core/backend'
import { optionGroups, optionRow } from '@lockstep/core/internal'
import { externalBackends } from '@lockstep/external'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { freePort, holdPort, reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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

  it('shows no secret as a flag, no colours without a terminal, and no space at the end of a line', async () => {
    const { stdout } = await runLockstep(['--help'], { env: { COLUMNS: '80' } })
    expect(stdout).not.toMatch(/--[a-z-]*passphrase(?!-file|-command)/)
    expect(stdout).not.toContain('\u001B')
    expect(stdout).not.toMatch(/[ \t]$/m)
  })

  it('of the overview lists the commands', async () => {
    const { stdout } = await runLockstep(['--help'])
    for (const command of [
      'run [APP]',
      'check [APP]',
      'plan [APP]',
      'serve [DIR]',
      'cert create [NAME…]',
      'cert inspect FILE|HOST:PORT',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command.replaceAll(/[[\]|…]/g, String.raw`\$&`)} `, 'm'))
  })

  it('of exec leaves out exactly what is refused for each program', async () => {
    const { code, stdout } = await runLockstep(['exec', '--help'])
    expect(code).toBe(0)
    const load = externalBackends['command']
    if (typeof load !== 'function') throw new Error('the package loads a backend for commands')
    const { support } = await load()
    // A Node app is known by its file, and these have a value that every program honours.
    const ofNodeApps: readonly OptionName[] = [
      'app',
      'import',
      'interface',
      'static.directory',
      'static.single',
      'waitReady',
      'shutdownWithMessage',
    ]
    const missing = optionNames.filter(
      (name) => optionRow(name).flags.length > 0 && !stdout.includes(optionRow(name).summary.slice(0, 30)),
    )
    const always = optionNames.filter((name) => {
      const answer = support[name]
      return typeof answer === 'object' && !answer.honoured && optionRow(name).flags.length > 0
    })
    expect(missing.toSorted()).toEqual([...always, ...ofNodeApps].toSorted())
  })

  it('of a command without launch options shows only its own flags', async () => {
    const { code, stdout } = await runLockstep(['help', 'cert', 'create'])
    expect(code).toBe(0)
    expect(stdout).toContain('lockstep cert create [NAME…] [options]')
    for (const flag of ['--host <name|IP>', '--out <folder>', '--days', '--key-type', '--force'])
      expect(stdout).toContain(flag)
    expect(stdout).not.toContain('--workers')
  })

  it.each(['cert --help', 'cert -h', '--help cert', 'help cert'])(
    'lists the commands for certificates: lockstep %s',
    async (words) => {
      const { code, stdout, stderr } = await runLockstep(words.split(' '))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.match(/(?<=^ {2}cert )\w+/gm)).toEqual(['create', 'inspect', 'trust', 'untrust'])
    },
  )
})

describe('a misspelt option of a command without an app', () => {
  it.each([
    { words: 'status --jsn', says: '--jsn is not an option of `lockstep status`.\n  Did you mean --json?' },
    {
      words: 'stop --prot',
      says: '--prot is not an option of `lockstep stop`.\n  `lockstep stop --help` lists them.',
    },
  ])('is compared with the options of that command: lockstep $words', async ({ words, says }) => {
    const { code, stderr } = await runLockstep(words.split(' '))
    expect({ code, codes: reportedCodes(stderr) }).toEqual({
      code: 2,
      codes: ['LOCKSTEP_ERR_OPTION_UNKNOWN'],
    })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('Arguments for the app')
  })
})

describe('a misspelt command', () => {
  it.each([
    ['staus', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', '"staus" is not a command, and there is no file of this name.'],
    ['staus', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean status?'],
    ['staus --jsn', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean status?'],
    ['staus --help', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean status?'],
    ['help staus', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean status?'],
    [
      'florist',
      'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      'An app is named by its path, as in `lockstep run ./florist.js`.',
    ],
    ['kill', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'The command for that is `lockstep stop`.'],
    ['start app.js', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'The command for that is `lockstep run app.js`.'],
    ['logs', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'The log goes to the terminal'],
    ['trust', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean cert trust?'],
    ['stop shop', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', '`lockstep stop --name shop`'],
    ['list --help', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'The command for that is `lockstep ps`.'],
    ['cert insepct', 'LOCKSTEP_ERR_COMMAND_UNKNOWN', 'Did you mean cert inspect?'],
  ])('is answered with the right one: lockstep %s', async (words, error, hint) => {
    const { code, stdout, stderr } = await runLockstep(words.split(' '))
    expect({ code, stdout, codes: reportedCodes(stderr) }).toEqual({ code: 2, stdout: '', codes: [error] })
    expect(stderr).toContain(hint)
  })

  it('is an app if the word is that of a file, a folder, or is named as an app', async () => {
    const cwd = temporaryFolder()
    write(cwd, 'stats.mjs', "export default () => { throw new Error('loaded') }\n")
    expect(await runLockstep(['stats', '--no-verify', '--jsn'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--jsn is not an option.'),
    })
    const { code, stderr } = await runLockstep(['run', 'staus'])
    expect({ code, codes: reportedCodes(stderr) }).toEqual({ code: 3, codes: ['LOCKSTEP_ERR_APP_NOT_FOUND'] })
  })

  it('is not shown if it follows an unknown flag, because it may be a secret', async () => {
    const { stdout, stderr } = await runLockstep(['--pasword', 'reloaded'])
    expect(stdout + stderr).not.toContain('reloaded')
  })
})

describe('--version', () => {
  it.each(['--version', '-V'])('prints the version of the package: %s', async (flag) => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'),
    )
    expect(await runLockstep([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('check', () => {
  it('and plan work while the server runs: its port in use is a note, not an error', async () => {
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
    'of a valid launch exits 0 with its measurements, leaves no file, and releases the port: %s',
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
      expect(stdout).toMatch(/✓ versions +the same certificate under TLSv1\.2$/m)
      expect(stdout).toMatch(/✓ alpn +http\/1\.1 for a client that offers it alone$/m)
      expect(stdout).toMatch(/✓ alpn-h2 +no h2, which tls\.protocols leaves out: refused/)
      expect(stdout).toMatch(/✓ min-version +no TLSv1\.1: refused/)
      expect(files.filter((file) => existsSync(file))).toEqual([])
      await using _holder = await holdPort(port)
    },
  )

  it('of an app that fails to load exits as `run` would, with the stack of the app', async () => {
    const port = await freePort()
    const finished = await runLockstep(['check', 'apps/throws-on-load.js', '--port', String(port)])
    expect(finished).toMatchObject({ code: 3, stdout: '' })
    expect(reportedCodes(finished.stderr)).toEqual(['LOCKSTEP_ERR_APP_LOAD'])
    expect(finished.stderr).toMatch(/throws-on-load\.js:\d+/)
    await using _holder = await holdPort(port)
  })

  it('reports all of several faults, and does not load the app', async () => {
    const { cert } = await pairFiles()
    const { key } = await pairFiles()
    const args = ['--cert', cert, '--key', key, '--tls-min-version', 'TLSv1.3', '--tls-ciphers', 'ALL']
    const finished = await runLockstep(['check', 'apps/throws-on-load.js', '--port', '0', ...args])
    expect(finished).toMatchObject({ code: 4, stdout: '' })
    expect(finished.stderr).toContain('2 things are wrong:')
    expect(reportedCodes(finished.stderr).sort()).toEqual([
      'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED',
      'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
    ])
  })
})

interface PlanJson {
  readonly envFile: unknown
  readonly backend: string | null
  readonly reason: string | null
  readonly options: readonly {
    name: string
    value: unknown
    source: string
    setBy: string
    verdict: string
  }[]
  readonly faults: readonly { code: string; hint: string; source: string | null }[]
}

describe('plan', () => {
  it('shows the backend and why it was chosen, and each option with its value, source and support', async () => {
    const { cert, key } = await pairFiles()
    const args = ['--port', '0', '--workers', '2', '--cert', cert, '--key', key, '--all']
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

  it('counts what is unset, off or without effect, and says honoured only of what has an effect', async () => {
    const { stdout } = await runLockstep(['plan', hello, '--port', '0'])
    expect(stdout).toMatch(/^ {2}✓ port = 0 +--port; honoured: /m)
    expect(stdout).not.toMatch(/= unset|tls\.|upstream\.|no effect: /)
    const [, unset, off, idle] =
      /^(\d+) more options are unset, (\d+) are off and (\d+) have no effect in this plan; --all shows them\.$/m.exec(
        stdout,
      ) ?? []
    const rows = stdout.match(/^ {2}\S \S+ = /gm) ?? []
    expect(rows.length + Number(unset) + Number(off) + Number(idle)).toBe(optionNames.length)
    const all = await runLockstep(['plan', hello, '--port', '0', '--all'])
    for (const name of optionNames) expect(all.stdout).toContain(` ${name} = `)
    // A reason that several options share is there once.
    expect(all.stdout.match(/no program behind it/g)).toHaveLength(1)
    expect(all.stdout.match(/the server has no TLS/g)).toHaveLength(1)
    expect(all.stdout).not.toMatch(/tls\.\S+ = .*honoured/)
  })

  it('shows the same for every option as JSON', async () => {
    const { code, stdout, stderr } = await runLockstep(['plan', hello, '--json', '--port', '0'], {
      env: { LOCKSTEP_NAME: 'shop', HOST: '::1' },
    })
    const plan = JSON.parse(stdout) as PlanJson
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(plan).toMatchObject({
      backend: 'single',
      reason: 'auto: one worker needs no primary',
      configFile: null,
      envFile: null,
      faults: [],
    })
    expect(plan.options.map(({ name }) => name)).toEqual(optionNames)
    const by = Object.fromEntries(plan.options.map((option) => [option.name, option]))
    expect(by).toMatchObject({
      app: { value: hello, source: 'APP', setBy: 'argv', verdict: 'honoured', honoured: true },
      name: { value: 'shop', source: 'LOCKSTEP_NAME', setBy: 'environment', verdict: 'honoured' },
      host: { value: '::1', source: 'HOST', setBy: 'environment', verdict: 'honoured' },
      port: { value: 0, text: '0', source: '--port', setBy: 'argv', verdict: 'honoured' },
      backlog: { value: 511, source: 'the default', setBy: 'default', verdict: 'honoured' },
      'tls.cert': { value: null, text: 'unset', verdict: 'unset' },
      'tls.watch': { value: true, verdict: 'without effect', how: 'the server has no TLS' },
      'tls.protocols': { value: ['http/1.1'], verdict: 'without effect' },
      'proxy.protocol': { value: 'off', verdict: 'off' },
      'timeouts.hang': { value: 30_000, text: '30s', verdict: 'without effect', honoured: false },
    })
  })

  it('names the environment file, and counts what the app gets from it', async () => {
    const cwd = temporaryFolder()
    const app = 'export default (_, response) => response.end(JSON.stringify(process.env))'
    write(cwd, 'app.mjs', app)
    write(cwd, '.env', 'DATABASE=shop\nREGION=eu\nLOCKSTEP_TLS_PASSPHRASE=secret\nKEPT=file\n')
    const options = { cwd, env: { KEPT: 'environment' } }
    const text = await runLockstep(['plan', 'app.mjs', '--port', '0'], options)
    expect(text.stdout.replaceAll(/\s+/g, ' ')).toContain(
      `Environment file: ${join(cwd, '.env')} (the app gets 2 variables from it) `,
    )
    const json = await runLockstep(['plan', 'app.mjs', '--port', '0', '--json'], options)
    expect((JSON.parse(json.stdout) as PlanJson).envFile).toEqual({
      file: join(cwd, '.env'),
      variables: ['DATABASE', 'REGION'],
    })
    write(cwd, '.env', 'DATABASE=shop\nREGION=eu\nKEPT=file\n')
    await using server = await startLockstep(['run', 'app.mjs', '--port', '0'], options)
    const environment = await (await fetch(server.url)).json()
    expect(environment).toMatchObject({ DATABASE: 'shop', REGION: 'eu', KEPT: 'environment' })

    const none = await runLockstep(['plan', hello, '--port', '0'])
    expect(none.stdout).toContain('Environment file: none\n')
  })

  it('marks what is refused or overridden, and exits as `run` would', async () => {
    const args = ['plan', hello, '--bind', '127.0.0.1:0', '--hang-timeout', '3s']
    const text = await runLockstep(args, { env: { PORT: '4000' } })
    expect(text.code).toBe(6)
    expect(text.stdout).toMatch(
      /^ {2}✗ timeouts\.hang = 3s +--hang-timeout; refused: no other process watches/m,
    )
    expect(text.stdout).toMatch(/^ {2}– port = 4000 +PORT; overridden by --bind$/m)
    expect(reportedCodes(text.stderr)).toEqual(['LOCKSTEP_ERR_OPTION_REFUSED'])
    const json = await runLockstep([...args, '--json'], { env: { PORT: '4000' } })
    const plan = JSON.parse(json.stdout) as PlanJson
    expect(json).toMatchObject({ code: 6, stderr: '' })
    expect(plan.faults).toMatchObject([{ code: 'LOCKSTEP_ERR_OPTION_REFUSED', source: '--hang-timeout' }])
    expect(plan.faults[0]?.hint).toContain('--backend cluster')
    expect(plan.options.find(({ name }) => name === 'timeouts.hang')).toMatchObject({ verdict: 'refused' })
  })

  it.each([
    { form: 'as it is', keyText: (pem: string) => pem },
    { form: 'with its line breaks escaped', keyText: (pem: string) => pem.replaceAll('\n', String.raw`\n`) },
  ])('shows neither a passphrase nor a key from a variable $form', async ({ keyText }) => {
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
