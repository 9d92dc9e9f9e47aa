// A text file in any encoding is read completely, or refused with the name of its encoding. It is never read in part.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import util from 'node:util'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Encoding, encoded } from '../support/text-encodings.ts'

const hello = join(fixtures, 'apps/hello.js')
const environmentApp = join(fixtures, 'apps/environment.js')
const run = ['run', hello]

async function planOf(options: StartOptions, ...names: string[]): Promise<(string | undefined)[]> {
  const { code, stdout, stderr } = await runLockstep(['plan', hello, '--port', '0', '--json'], options)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { options: planned } = JSON.parse(stdout) as { options: { name: string; text: string }[] }
  return names.map((name) => planned.find((option) => option.name === name)?.text)
}

function folderWith(name: string, content: string | Uint8Array): string {
  const folder = temporaryFolder()
  write(folder, name, content)
  return folder
}

const readable: Encoding[] = ['UTF-8', 'UTF-8 with a mark', 'UTF-16LE with a mark', 'UTF-16BE with a mark']
/** Each end of a line in UTF-8, and each encoding with the first one: a file is decoded before its lines count. */
function withEachLineEnd(lineEnds: readonly string[]): { encoding: Encoding; lineEnd: string }[] {
  const [first = ''] = lineEnds
  return [
    ...lineEnds.map((lineEnd) => ({ encoding: 'UTF-8', lineEnd }) as const),
    ...readable.slice(1).map((encoding) => ({ encoding, lineEnd: first })),
  ]
}

const refused: { encoding: Encoding; says: string; cure: string }[] = [
  { encoding: 'UTF-16LE', says: 'UTF-16LE without a byte order mark', cure: 'iconv -f UTF-16LE -t UTF-8' },
  { encoding: 'UTF-16BE', says: 'UTF-16BE without a byte order mark', cure: 'iconv -f UTF-16BE -t UTF-8' },
  { encoding: 'UTF-32LE with a mark', says: 'saved as UTF-32LE', cure: 'iconv -f UTF-32LE -t UTF-8' },
  { encoding: 'UTF-32BE', says: 'saved as UTF-32BE', cure: 'iconv -f UTF-32BE -t UTF-8' },
  { encoding: 'Latin-1', says: 'not UTF-8 in line 1', cure: 'iconv -f WINDOWS-1252 -t UTF-8' },
]

describe('an environment file', () => {
  const text = '# é\r\nLOCKSTEP_BACKLOG=99\r\nLOCKSTEP_LOG_LEVEL=debug\r\n'

  it.each(withEachLineEnd(['\r\n', '\n', '\r']))(
    'is read in $encoding, with lines that end in $lineEnd',
    async ({ encoding, lineEnd }) => {
      const cwd = folderWith('.env', encoded(text.slice(5).replaceAll('\r\n', lineEnd), encoding))
      expect(await planOf({ cwd }, 'backlog')).toEqual(['99'])
    },
  )

  it.each(refused)(
    'in $encoding is refused, and the error names the encoding',
    async ({ encoding, says, cure }) => {
      const cwd = folderWith('.env', encoded(text, encoding))
      await failedLaunch(run, {
        cwd,
        code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
        says: [says, cure, join(cwd, '.env')],
      })
    },
  )

  it('with a NUL character is refused with its line', async () => {
    const cwd = folderWith('.env', 'A=1\nB=2\0\n')
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
      says: ['NUL character in line 2'],
    })
  })

  it.each([
    { what: 'a word alone', line: 'LOCKSTEP_TLS_SELF_SIGNED', says: 'Line 2 of .env is not an assignment' },
    { what: 'YAML', line: 'LOCKSTEP_BACKLOG: 9', says: 'equals sign instead of the colon' },
    { what: 'PowerShell', line: '$env:LOCKSTEP_BACKLOG = "9"', says: 'That is PowerShell' },
    { what: 'cmd.exe', line: 'set LOCKSTEP_BACKLOG=9', says: 'That is cmd.exe' },
    {
      what: 'an open quote',
      line: 'LOCKSTEP_BACKLOG="9',
      says: 'Line 2 of .env has a value that begins with "',
    },
    { what: 'text after a quote', line: "LOCKSTEP_BACKLOG='9'9", says: "behind the closing ' of its value" },
    { what: 'a # in a value', line: 'LOCKSTEP_NAME=hunter#2', says: 'Put the value in quotes' },
    {
      what: 'one of our names twice',
      line: 'LOCKSTEP_BACKLOG=9\nLOCKSTEP_BACKLOG=10',
      says: 'LOCKSTEP_BACKLOG is set in line 2 and again in line 3',
    },
    {
      what: 'a name that is read elsewhere',
      line: 'LOCKSTEP_CONFIG=a.json',
      says: 'in line 2 of .env has no effect',
    },
  ])('with $what is refused with the line', async ({ line, says }) => {
    await failedLaunch(run, {
      cwd: folderWith('.env', `A=1\n${line}\n`),
      code: 'LOCKSTEP_ERR_ENV_FILE_INVALID',
      says: [says, /line \d/i, '.env'],
      hides: ['hunter'],
    })
  })

  it.each([
    'lockstep_backlog',
    'Lockstep_Backlog',
    'LOCKSTEP-BACKLOG',
    'LOKSTEP_BACKLOG',
    'LOCK_STEP_BACKLOG',
  ])('with a name close to one of ours is refused: %s', async (name) => {
    await failedLaunch(run, {
      cwd: folderWith('.env', `${name}=9\n`),
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: [`${name} in .env is not an option.`, 'Did you mean LOCKSTEP_BACKLOG?'],
    })
  })

  it('follows Node for the variables of the app', async () => {
    const text = ' export A = 1\nB=it#cut\nC=" x\\ny "\nD=`a\nb`\nA=2 # last\nnpm_config_//host/:_auth=z\n'
    await using server = await startLockstep(['run', environmentApp, '--port', '0'], {
      cwd: folderWith('.env', text),
    })
    const { environment } = JSON.parse((await exchange(server.url)).body) as { environment: object }
    const ofNode = util.parseEnv(text)
    expect(Object.keys(ofNode)).toHaveLength(5)
    expect(environment).toMatchObject(ofNode)
  })
})

describe('a configuration file', () => {
  const code = ['ts', 'mjs', 'cjs'] as const
  const data = {
    json: '{ "backlog": 99, "name": "é" }\n',
    jsonc: '{ "backlog": 99, "name": "é", } // é\n',
    json5: "{ backlog: 99, name: 'é' } // é\n",
    yaml: 'backlog: 99\nname: é\n',
    yml: 'backlog: 99\nname: é\n',
    toml: 'backlog = 99\nname = "é" # é\n',
  }

  // An encoding is recognised before the format counts, so that one format in every encoding is enough.
  it.each(Object.entries(data))('of data is read in any supported encoding: .%s', async (format, text) => {
    for (const encoding of format === 'json' ? readable : readable.slice(1, 3)) {
      const cwd = folderWith(`lockstep.config.${format}`, encoded(text.replaceAll('\n', '\r\n'), encoding))
      expect(await planOf({ cwd }, 'backlog', 'name')).toEqual(['99', 'é'])
    }
  })

  it.each(Object.entries(data))(
    'is refused in any other encoding, and the error names it: .%s',
    async (format, text) => {
      for (const { encoding, says, cure } of format === 'json' ? refused : refused.slice(0, 1)) {
        const file = `lockstep.config.${format}`
        const cwd = folderWith(file, encoded(text.replaceAll('\n', ' '), encoding))
        await failedLaunch(run, {
          cwd,
          code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
          says: [says, cure, join(cwd, file)],
        })
      }
    },
  )

  it.each(code)('of code is refused in UTF-16, which Node cannot read: .%s', async (format) => {
    const cwd = folderWith(
      `lockstep.config.${format}`,
      encoded('export default {}\n', 'UTF-16LE with a mark'),
    )
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [
        `is saved as UTF-16, and Node reads code (.${format}) as UTF-8 alone`,
        'iconv -f UTF-16 -t UTF-8',
      ],
    })
  })

  it.each(readable)('with a secret is not shown in %s', async (encoding) => {
    const cwd = folderWith(
      'lockstep.config.json',
      encoded('{ "tls": { "passphrase": hunter2 } }\n', encoding),
    )
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: ['lockstep.config.json'],
      hides: ['hunter2'],
    })
  })
})

describe('a passphrase file', () => {
  it.each(withEachLineEnd(['\r\n', '', '\n', '\r']))(
    'opens the key in $encoding with $lineEnd',
    async ({ encoding, lineEnd }) => {
      const pair = await pairFiles({ passphrase: 'ópen sesame' })
      const file = join(folderWith('pass.txt', encoded(`ópen sesame${lineEnd}`, encoding)), 'pass.txt')
      const { code, stderr } = await runLockstep([
        ...['check', hello, '--port', '0', '--tls-cert', pair.cert, '--tls-key', pair.key],
        ...['--tls-passphrase-file', file],
      ])
      expect({ code, stderr }).toMatchObject({ code: 0 })
    },
  )

  it.each(refused)(
    'in $encoding is refused, and the error names the encoding',
    async ({ encoding, says }) => {
      const pair = await pairFiles({ passphrase: 'ópen sesame' })
      const file = join(folderWith('pass.txt', encoded('ópen sesame\n', encoding)), 'pass.txt')
      await failedLaunch(
        [...run, '--tls-cert', pair.cert, '--tls-key', pair.key, '--tls-passphrase-file', file],
        { code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE', says: [says], hides: ['sesame'] },
      )
    },
  )
})

it.each(['UTF-16LE', 'UTF-16BE with a mark', 'UTF-32LE', 'UTF-32BE with a mark'] as const)(
  'PEM in %s is refused, and the error names the encoding',
  async (encoding) => {
    const pair = await pairFiles()
    const cert = join(folderWith('cert.pem', encoded(pair.certPem, encoding)), 'cert.pem')
    expect(existsSync(cert)).toBe(true)
    await failedLaunch([...run, '--tls-cert', cert, '--tls-key', pair.key], {
      code: 'LOCKSTEP_ERR_TLS_ENCODING',
      says: [`is saved as ${encoding.slice(0, 6)}`],
    })
  },
)

it.each([
  { file: 'Lockstep.Config.json', text: '{ "backlog": 5 }', code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE' },
  { file: 'lockstep.config.JSON', text: '{ "backlog": 5 }', code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE' },
  { file: 'lockstep.config.yaml.txt', text: 'backlog: 5', code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE' },
  { file: '.Env', text: 'LOCKSTEP_BACKLOG=5', code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE' },
  { file: '.env.txt', text: 'LOCKSTEP_BACKLOG=5', code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE' },
])('a file with a name close to a default file is not ignored: $file', async ({ file, text, code }) => {
  await failedLaunch(run, { cwd: folderWith(file, text), code, says: [file, 'not quite', 'Rename it'] })
})

it('an app whose path begins with a dash is not mistaken for flags', async () => {
  const cwd = temporaryFolder()
  await failedLaunch(['run', '-dash/app.mjs'], {
    cwd,
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    says: ['-dash/app.mjs is not an option.', 'written ./-dash/app.mjs'],
  })
})

describe('variables of the environment', () => {
  it.each(['lockstep_backlog', 'LOCKSTP_BACKLOG'])(
    'with a name close to one of ours are refused: %s',
    async (name) => {
      await failedLaunch(run, {
        env: { [name]: '9' },
        code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
        says: [`${name} is not an option.`, 'Did you mean LOCKSTEP_BACKLOG?'],
      })
    },
  )

  it('that compose files leave empty are unset, if other programs read them too', async () => {
    const env = { PORT: '', HOST: '', WEB_CONCURRENCY: ' ' }
    expect(await planOf({ env, cwd: temporaryFolder() }, 'host')).toEqual(['127.0.0.1'])
  })

  it('that Kubernetes sets for a Service are recognised as such', async () => {
    const env = {
      LOCKSTEP_PORT: 'tcp://10.98.190.45:80',
      LOCKSTEP_SERVICE_HOST: '10.98.190.45',
      LOCKSTEP_TLS_PORT: 'tcp://10.98.190.45:443',
      LOCKSTEP_PORT_80_TCP_PROTO: 'tcp',
      LOCKSTEP_WEB_SERVICE_PORT_HTTP: '80',
    }
    await failedLaunch(run, {
      env,
      code: Object.keys(env).map(() => 'LOCKSTEP_ERR_OPTION_UNKNOWN'),
      says: [...Object.keys(env).map((name) => `${name} was not meant`), 'enableServiceLinks: false'],
    })
  })
})
