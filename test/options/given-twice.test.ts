// An option that is set twice is joined or refused. A comma is part of a path, or separates two.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type StartOptions } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Encoding, encoded } from '../support/text-encodings.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello]

async function planOf(args: readonly string[], options: StartOptions = {}): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await runLockstep(['plan', hello, '--json', ...args], options)
  const { faults, options: planned } = JSON.parse(stdout) as {
    faults: unknown[]
    options: { name: string; text: string }[]
  }
  expect({ code, stderr, faults }).toEqual({ code: 0, stderr: '', faults: [] })
  return Object.fromEntries(planned.map(({ name, text }) => [name, text]))
}

describe('an option that takes one value', () => {
  it.each([
    { words: ['--backlog', '5', '--backlog', '6'], says: '--backlog 5 and --backlog 6 both set backlog' },
    { words: ['--workers', '1', '-w', '2'], says: '--workers 1 and -w 2 both set workers' },
    { words: ['--verify', '--no-verify'], says: '--verify and --no-verify both set verify' },
    { words: ['--log-level', 'warn', '--log-level=debug'], says: 'both set log.level' },
  ])('is refused with two: $words', async ({ words, says }) => {
    await failedLaunch([...run, ...words], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [says, 'takes one value', 'Leave one of them out.'],
    })
  })

  it('may be repeated with the same value', async () => {
    expect(await planOf(['--backlog', '7', '--port', '0', '--backlog', '7'])).toMatchObject({ backlog: '7' })
  })

  it('is refused in other commands too', async () => {
    const { code, stderr } = await runLockstep(['status', '--pid', '1', '--pid', '2'])
    expect({ code, stderr }).toMatchObject({ code: 2 })
    expect(stderr).toContain('--pid is given 2 times (1, 2), and takes one value.')
  })
})

it('a repeated list flag is joined: --tls-ca', async () => {
  const { cert, key } = await pairFiles()
  const [one, two] = [await clientAuthority(), await clientAuthority()]
  const folder = temporaryFolder()
  const files = [write(folder, 'a.pem', one.caPem), write(folder, 'b.pem', two.caPem)]
  const tls = ['--port', '0', '--tls-cert', cert, '--tls-key', key, '--tls-client-auth', 'require']
  const plan = await planOf([...tls, ...files.flatMap((file) => ['--tls-ca', file])])
  for (const file of files) expect(plan['tls.ca']).toContain(file)
})

describe('a comma in a path', () => {
  async function world() {
    const folder = temporaryFolder()
    const pair = await pairFiles()
    mkdirSync(join(folder, 'Acme, Inc'))
    write(folder, 'Acme, Inc/cert.pem', pair.certPem)
    write(folder, 'Acme, Inc/key.pem', pair.keyPem, 0o600)
    return folder
  }
  const given: { way: string; args?: string[]; env?: Record<string, string>; chdir?: true }[] = [
    { way: 'flags', args: ['--tls-cert', 'Acme, Inc/cert.pem', '--tls-key', 'Acme, Inc/key.pem'] },
    {
      way: 'flags with two commas',
      args: ['--tls-cert', 'Acme,, Inc/cert.pem', '--tls-key', 'Acme,, Inc/key.pem'],
    },
    {
      way: 'variables',
      env: { LOCKSTEP_TLS_CERT: 'Acme, Inc/cert.pem', LOCKSTEP_TLS_KEY: 'Acme, Inc/key.pem' },
    },
    {
      way: 'flags that start in --chdir',
      args: ['--tls-cert', 'Acme, Inc/cert.pem', '--tls-key', 'Acme, Inc/key.pem'],
      chdir: true,
    },
  ]

  it.each(given)('is part of it, in $way', async ({ args = [], env = {}, chdir }) => {
    const cwd = await world()
    const start = chdir ? ['--chdir', cwd] : []
    const plan = await planOf(['--port', '0', ...start, ...args], { ...(chdir ? {} : { cwd }), env })
    expect(plan['tls.cert']).toBe(join(cwd, 'Acme, Inc/cert.pem'))
  })

  it('is part of a path of an SNI host', async () => {
    const cwd = await world()
    const pair = await pairFiles()
    const tls = ['--port', '0', '--tls-cert', pair.cert, '--tls-key', pair.key]
    const sni = 'localhost=Acme,, Inc/cert.pem,Acme,, Inc/key.pem'
    expect(await planOf([...tls, '--tls-sni', sni], { cwd })).toMatchObject({ 'tls.sni': 'localhost' })
  })
})

describe('a configuration file', () => {
  it.each([
    { file: 'lockstep.config.json', text: '{ "backlog": 5, "log": {}, "backlog": 6 }' },
    { file: 'lockstep.config.json', text: '{ "backlog": 5, "b\\u0061cklog": 6 }' },
    { file: 'lockstep.config.jsonc', text: '{ "backlog": 5, // one\n "backlog": 6, }' },
    { file: 'lockstep.config.json5', text: "{ backlog: 5, 'backlog': 6 }" },
    { file: 'lockstep.config.yaml', text: 'backlog: 5\nbacklog: 6\n' },
    { file: 'lockstep.config.toml', text: 'backlog = 5\nbacklog = 6\n' },
  ])('with a repeated key is refused: $file', async ({ file, text }) => {
    const cwd = temporaryFolder()
    write(cwd, file, text)
    await failedLaunch(run, { cwd, code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE', says: [file] })
  })

  it.each([
    '{ "backlog": 5',
    '{ "backlog" 5, "name": "x" }',
    '{ "backlog": 5 } x',
    '{ "backlog": 5, backlog: 6 }',
  ])('of damaged JSONC is refused, and not partly read: %s', async (text) => {
    const cwd = temporaryFolder()
    write(cwd, 'lockstep.config.jsonc', text)
    await failedLaunch(run, { cwd, code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE', says: ['lockstep.config.jsonc'] })
  })

  it('of JSONC is read with comments, trailing commas and comment marks in its strings', async () => {
    const cwd = temporaryFolder()
    const text =
      '{ // a "comment"\n "name": "a//b,]/*c*/", /* "backlog": 1 */ "backlog": 9, "bind": ["127.0.0.1:0",], }'
    write(cwd, 'lockstep.config.jsonc', encoded(text, 'UTF-16LE with a mark'))
    expect(await planOf([], { cwd })).toMatchObject({ backlog: '9', name: 'a//b,]/*c*/' })
  })

  it.each(['UTF-8 with a mark', 'UTF-16LE with a mark'] as const)(
    'of TOML in %s is read',
    async (encoding) => {
      const cwd = temporaryFolder()
      write(cwd, 'lockstep.config.toml', encoded('backlog = 5\n', encoding))
      expect(await planOf([], { cwd })).toMatchObject({ backlog: '5' })
    },
  )

  const refusals: { file: string; text: string; encoding: Encoding; says: string }[] = [
    { file: 'lockstep.config.yaml', text: 'backlog: 5\n', encoding: 'UTF-16BE', says: 'UTF-16BE' },
    { file: 'lockstep.config.json', text: '{"name":"é"}', encoding: 'Latin-1', says: 'not UTF-8 in line 1' },
    {
      file: 'lockstep.config.mjs',
      text: 'export default { name: "é" }',
      encoding: 'Latin-1',
      says: 'not UTF-8',
    },
  ]
  it.each(refusals)(
    '$file in $encoding is refused, and the error names the encoding',
    async ({ file, text, encoding, says }) => {
      const cwd = temporaryFolder()
      write(cwd, file, encoded(text, encoding))
      await failedLaunch(run, { cwd, code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE', says: [says, file] })
    },
  )
})
