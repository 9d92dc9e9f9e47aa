import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const app = join(fixtures, 'apps/environment.js')

/** A line from the middle of a key, by which it is recognised wherever it appears. */
const lineOf = ({ keyPem }: Pair): string => keyPem.split('\n')[1] ?? ''

describe.each(['single', 'cluster'])('a key as PEM text under %s', (backend) => {
  const args = ['run', app, '--backend', backend, '--port', '0']

  it.each([
    { where: 'in the environment', variable: 'LOCKSTEP_TLS_KEY', textOf: ({ keyPem }: Pair) => keyPem },
    {
      where: 'in the environment, with escaped line breaks',
      variable: 'LOCKSTEP_TLS_KEY',
      textOf: ({ keyPem }: Pair) => keyPem.replaceAll('\n', '\\n'),
    },
  ])('$where is not visible to the app or a worker', async ({ variable, textOf }) => {
    const pair = await pairFiles()
    await using server = await startLockstep([...args, '--cert', pair.cert], {
      env: { [variable]: textOf(pair), OTHER: 'handed on' },
    })
    const { body } = await exchange(server.url, { ca: pair.certPem })
    expect(JSON.parse(body).environment).toMatchObject({ OTHER: 'handed on' })
    expect(body).not.toContain(lineOf(pair))
    expect(body).not.toContain(variable)
    for (const pid of server.processes().filter((one) => one !== server.pid))
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(lineOf(pair))
    expect(server.stdout() + server.stderr()).not.toContain(lineOf(pair))
  })

  it('in .env is not visible to the app or a worker', async () => {
    const pair = await pairFiles()
    const cwd = temporaryFolder()
    write(cwd, '.env', `LOCKSTEP_TLS_KEY="${pair.keyPem}"\nOTHER=of the file\n`)
    await using server = await startLockstep([...args, '--cert', pair.cert], { cwd })
    const { body } = await exchange(server.url, { ca: pair.certPem })
    expect(JSON.parse(body).environment).toMatchObject({ OTHER: 'of the file' })
    expect(body).not.toContain(lineOf(pair))
    for (const pid of server.processes().filter((one) => one !== server.pid))
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(lineOf(pair))
  })
})

describe('key text in the wrong place', () => {
  /** The value of the option, by the name of the case. */
  const texts: Readonly<Record<string, (pair: Pair) => string>> = {
    'a whole key': ({ keyPem }) => keyPem,
    'a key on one line': ({ keyPem }) => keyPem.replaceAll('\n', '\\n'),
    'a key with a misspelt header': ({ keyPem }) => keyPem.replace('BEGIN', 'BEGINX'),
    'a key without its header': ({ keyPem }) => keyPem.split('\n').slice(1).join('\n'),
    'one line of a key': lineOf,
    'the base64 of a key': ({ keyPem }) => Buffer.from(keyPem).toString('base64'),
  }
  const places = [
    { flag: '--tls-key', variable: 'LOCKSTEP_TLS_KEY' },
    { flag: '--tls-cert', variable: 'LOCKSTEP_TLS_CERT' },
    { flag: '--tls-pfx', variable: 'LOCKSTEP_TLS_PFX' },
    { flag: '--tls-ca', variable: 'LOCKSTEP_TLS_CA' },
    { flag: '--tls-passphrase-file', variable: 'LOCKSTEP_TLS_PASSPHRASE_FILE' },
    { flag: '--port', variable: 'LOCKSTEP_PORT' },
    { flag: '--pid-file', variable: 'LOCKSTEP_PID_FILE' },
  ]

  describe.each(Object.entries(texts))('%s', (_name, textOf) => {
    // Two commands at a time: each has a deadline, and all of them at once would share the processor.
    it.each(places)('is not shown by an error or a plan: $flag, $variable', async ({ flag, variable }) => {
      const pair = await pairFiles()
      const line = lineOf(pair)
      const text = textOf(pair)
      const runs = [
        runLockstep(['plan', '--json', app, flag, text]),
        runLockstep(['check', app], { env: { [variable]: text } }),
      ]
      for (const { stdout, stderr } of await Promise.all(runs)) {
        const written = (stdout + stderr).replaceAll('\\n', '\n')
        expect(written).not.toContain(line)
        expect(written).not.toContain(Buffer.from(line).toString('base64').slice(8, 60))
        expect(written).not.toBe('')
      }
    })
  })

  it('is refused on the command line, where every user of the machine could see it', async () => {
    const pair = await pairFiles()
    for (const text of [pair.keyPem, lineOf(pair)]) {
      const { code, stderr } = await runLockstep(['check', app, '--cert', pair.cert, '--key', text])
      expect(code).toBe(2)
      expect(stderr).toContain('--key would show a private key to every user of this machine')
      expect(stderr).toContain('[LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV]')
    }
  })

  it('does not hide a path', async () => {
    const missing = join(temporaryFolder(), 'nowhere', 'key.pem')
    const { stderr } = await runLockstep(['check', app, '--cert', missing, '--key', missing])
    expect(stderr).toContain(`tls.key ${missing} (--key)`)
  })
})

describe('a secret inside a passphrase command', () => {
  it.each([[['plan']], [['plan', '--json']], [['check']]])('is not shown by %s', async (command) => {
    const { cert, key } = await pairFiles({ passphrase: 'hunter2' })
    const { code, stdout, stderr } = await runLockstep([
      ...[...command, app, '--port', '0', '--cert', cert, '--key', key],
      ...['--tls-passphrase-command', 'echo hunter2'],
    ])
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('hunter2')
  })

  it('in a variable does not reach the app', async () => {
    const { cert, key, certPem } = await pairFiles({ passphrase: 'hunter2' })
    await using server = await startLockstep(
      ['run', app, '--workers', '2', '--port', '0', '--cert', cert, '--key', key],
      { env: { LOCKSTEP_TLS_PASSPHRASE_COMMAND: 'echo hunter2' } },
    )
    expect((await exchange(server.url, { ca: certPem })).body).not.toContain('hunter2')
  })
})
