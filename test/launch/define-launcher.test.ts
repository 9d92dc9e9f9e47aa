import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function bodyOf(url: string): Promise<string> {
  const [response] = (await once(get(url, { rejectUnauthorized: false }), 'response')) as [IncomingMessage]
  return text(response)
}

/** A product with a launcher of its own, in a folder of its own. */
function product({
  defaults = "host: '127.0.0.1', port: 0",
}: {
  defaults?: string
} = {}): Required<Pick<StartOptions, 'script' | 'cwd'>> {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'app.js'),
    `export default (request, response) => response.end(JSON.stringify({ shop: Object.keys(process.env).filter((name) => /^(SHOP|LOCKSTEP)_/.test(name)) }))\n`,
  )
  const script = join(folder, 'cli.mjs')
  writeFileSync(
    script,
    `import { defineLauncher } from ${JSON.stringify(import.meta.resolve('lockstep'))}
await defineLauncher({
  name: 'shop',
  version: '3.1.4',
  summary: 'Sells things.',
  envPrefix: 'SHOP',
  aliases: {
    '--certificate': 'tls.cert',
    '--certificate-key': 'tls.key',
    '--skip-check': { option: 'verify', translate: (text) => String(text !== 'true') },
    '--seconds': { option: 'timeouts.graceful', translate: (text) => text + 's' },
  },
  variables: { SHOP_CERT_FILE: 'tls.cert', SHOP_KEY_FILE: 'tls.key', SHOP_KEY_SECRET: 'tls.passphrase', SHOP_WORKERS: null, PORT: null },
  refused: { '--open-browser': 'a server opens no browser', '--cache': { reason: 'there is no cache', unless: ['off'] }, SHOP_BROWSER: { reason: 'a server opens no browser', unless: ['false'] } },
  defaults: { app: './app.js', ${defaults} },
  directory: import.meta.dirname,
}).run()
`,
  )
  return { script, cwd: temporaryFolder() }
}

describe('a launcher of a product', () => {
  it("serves the product's app by its defaults, and shows its name and version", async () => {
    await using server = await startLockstep([], product())
    expect(server.stdout()).toMatch(/^\s+shop 3\.1\.4 /)
    expect(server.stdout()).not.toMatch(/lockstep/i)
    expect(await (await fetch(server.url)).json()).toEqual({ shop: [] })
  })

  it("names a server once that has the product's name", async () => {
    const defaults = "host: '127.0.0.1', port: 0, name: 'shop'"
    await using server = await startLockstep([], product({ defaults }))
    expect(server.stdout()).toMatch(/^\s+shop 3\.1\.4 {2}single/)
    await using other = await startLockstep(['--name', 'shop-2'], product({ defaults }))
    expect(other.stdout()).toMatch(/^\s+shop 3\.1\.4 shop-2 {2}single/)
  })

  it('shows its name in colours too', async () => {
    await using server = await startLockstep([], { ...product(), env: { FORCE_COLOR: '1' } })
    expect(server.stdout()).toContain('\u001B[')
    expect(stripVTControlCharacters(server.stdout())).toMatch(/^\s+shop 3\.1\.4 /)
  })

  it.each([
    [
      'flags',
      (files: { cert: string; key: string }) => ({
        args: ['--certificate', files.cert, '--certificate-key', files.key],
      }),
    ],
    [
      'variables',
      (files: { cert: string; key: string }) => ({
        env: { SHOP_CERT_FILE: files.cert, SHOP_KEY_FILE: files.key },
      }),
    ],
  ])('takes TLS by its own %s', async (_, given) => {
    const files = await pairFiles({})
    const { args = [], env = {} } = given(files) as { args?: string[]; env?: Record<string, string> }
    await using server = await startLockstep(args, { ...product(), env })
    expect(server.url).toMatch(/^https:/)
    expect(server.stdout()).toContain(files.fingerprint256)
  })

  it('reads its variables from .env, where an empty one is unset, and keeps secrets from the app', async () => {
    const { script, cwd } = product()
    const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
    writeFileSync(
      join(cwd, '.env'),
      `SHOP_CERT_FILE=${cert}\nSHOP_KEY_FILE=${key}\nSHOP_KEY_SECRET=hunter2\nSHOP_PORT=\nSHOP_DATABASE=here\n`,
      { mode: 0o600 },
    )
    await using server = await startLockstep(['--backend', 'cluster'], { script, cwd })
    // The key and its passphrase are not there, and what belongs to the app is.
    expect(await bodyOf(server.url)).toBe(
      '{"shop":["SHOP_CERT_FILE","SHOP_PORT","SHOP_DATABASE","LOCKSTEP_WORKER"]}',
    )
    const { stdout } = await runLockstep(['plan'], { script, cwd })
    expect(stdout).toMatch(/tls\.cert = [\s\S]*?SHOP_CERT_FILE in \.env/)
    expect(stdout).not.toContain('hunter2')
  })

  it('leaves a variable to the app that the product keeps for it', async () => {
    await using server = await startLockstep([], {
      ...product(),
      env: { SHOP_WORKERS: 'Ada and Grace', PORT: 'of a ship' },
    })
    expect(await (await fetch(server.url)).json()).toEqual({ shop: ['SHOP_WORKERS'] })
    const { stdout } = await runLockstep(['plan'], { ...product(), env: { PORT: '1' } })
    expect(stdout).toMatch(/port = 0/)
  })

  it.each([
    ["bind: ['127.0.0.1:1']", ['--port', '0'], /^http:\/\/127\.0\.0\.1:\d+\/$/],
    ["bind: ['127.0.0.2:0']", ['--host', '127.0.0.1'], /^http:\/\/127\.0\.0\.1:\d+\/$/],
    ["bind: ['127.0.0.2:0', '[::1]:0']", ['--port', '0'], /:\d+\/$/],
  ])('lets a user replace its default %s by %j', async (defaults, args, url) => {
    await using server = await startLockstep(args, product({ defaults }))
    expect(server.url).toMatch(url)
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('warns of a variable that is nearly an option, and is silent about those of the app', async () => {
    const { script, cwd } = product()
    writeFileSync(
      join(cwd, '.env'),
      'SHOP_GRACEFULL_TIMEOUT=1s\nSHOP_USERS=x\nSHOP_CART=x\nSHOP_SMTP_PORT=25\nSHOP_GROUPS=x\n',
    )
    const env = { SHOP_PROT: '80', SHOP_WORKER: '1', SHOP_WORKERS: 'Ada', SHOP_BROWSER: 'false' }
    const { code, stdout, stderr } = await runLockstep(['check'], { script, cwd, env })
    expect(code).toBe(0)
    const warnings = (stdout + stderr).replaceAll(/\s+/g, ' ').match(/SHOP_\w+( in \.env)? is not [^?]+\?/g)
    expect(warnings).toEqual([
      'SHOP_PROT is not an option, and is left to the app. Did you mean SHOP_PORT?',
      'SHOP_GRACEFULL_TIMEOUT in .env is not an option, and is left to the app. Did you mean SHOP_GRACEFUL_TIMEOUT?',
    ])
  })

  it('lists its own flags in the help, and no command that runs other programs', async () => {
    const { stdout, code } = await runLockstep(['--help'], product())
    expect(code).toBe(0)
    expect(stdout).toMatch(/^shop 3\.1\.4 – Sells things\./)
    expect(stdout).toMatch(/^ {2}--certificate-key <path>/m)
    // Its own default.
    expect(stdout).toMatch(/--port <number> .*\(0\)$/m)
    expect(stdout).not.toMatch(/(?<!@)lockstep (?!config)|LOCKSTEP_|^ {2}(exec|conformance) /m)
  })

  it.each([
    [['--open-browser'], {}, /^✗ --open-browser can't be honoured: a server opens no browser\./],
    // The value of a refused flag is not taken for an app.
    [['--open-browser', 'firefox'], {}, /^✗ --open-browser can't be honoured: [^✗]*$/],
    [[], { SHOP_BROWSER: 'true' }, /^✗ SHOP_BROWSER can't be honoured: a server opens no browser\./],
    [['--seconds', 'many'], {}, /^✗ --seconds must be .*found "manys"/],
    [[], { SHOP_SECONDS: 'many' }, /found "manys" \(SHOP_SECONDS\)/],
    [[], { SHOP_PORT: 'abc' }, /found "abc" \(SHOP_PORT\)/],
    [['--cache', 'redis'], {}, /^✗ --cache can't be honoured: there is no cache\./],
    [
      ['conformance'],
      {},
      /"conformance" is not a command, and there is no file of this name\.\n {2}`shop help` lists/,
    ],
    [['--certificat', 'x'], {}, /--certificat is not an option\.\n {2}Did you mean --certificate\?/],
  ])('refuses what it cannot honour: %j %j', async (args, env, says) => {
    const { code, stdout, stderr } = await runLockstep(args, { ...product(), env })
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(code).not.toBe(0)
  })

  it('takes a value with which a refused variable asks for nothing', async () => {
    await using server = await startLockstep(['--no-open-browser', '--cache', 'off', '--skip-check'], {
      ...product(),
      env: { SHOP_BROWSER: 'False' },
    })
    // The product's own name for an option may say the opposite.
    expect(server.stdout()).toContain('verify is off')
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('says that .env is too late to name the configuration file', async () => {
    const { script, cwd } = product()
    writeFileSync(join(cwd, '.env'), 'SHOP_CONFIG=other.json\n')
    const { stderr } = await runLockstep([], { script, cwd })
    expect(stderr).toMatch(/^✗ SHOP_CONFIG in line 1 of \.env has no effect/)
  })

  it('does not read the variables of Lockstep', async () => {
    await using server = await startLockstep([], { ...product(), env: { LOCKSTEP_PORT: 'not a port' } })
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('is written in less than 60 lines in the example', () => {
    const example = readFileSync(new URL('../../examples/langflow-like/cli.js', import.meta.url), 'utf8')
    expect(example.split('\n').length).toBeLessThan(60)
  })
})
