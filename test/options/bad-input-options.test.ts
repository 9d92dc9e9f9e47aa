import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch, freePort, holdPort } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello]

/** Creates a folder with one file, for a launch to start in. */
function folderWith(name: string, text: string): string {
  const folder = temporaryFolder()
  write(folder, name, text)
  return folder
}

describe('an unknown name', () => {
  it('gets the right flag as a suggestion', async () => {
    await failedLaunch([...run, '--workres', '2'], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['--workres is not an option.', 'Did you mean --workers?', '--help lists the options.'],
    })
  })

  it('with one dash instead of two is not read as a short flag with a value', async () => {
    await failedLaunch([...run, '-port', '80'], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['-port is not an option.', 'Did you mean --port?'],
    })
  })

  it('of a variable that is near no option gets no suggestion', async () => {
    const stderr = await failedLaunch(run, {
      env: { LOCKSTEP_FOO: '1' },
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['LOCKSTEP_FOO is not an option.', 'docs/options.md'],
    })
    expect(stderr).not.toContain('Did you mean')
  })

  it('as a flag before the app is reported itself, and not its value as a wrong app', async () => {
    await failedLaunch(['run', '--tls-pasphrase', 'hunter2', hello], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['--tls-pasphrase is not an option.', 'Use --tls-passphrase-file, --tls-passphrase-command or'],
      hides: ['hunter2'],
    })
  })

  it('gets the right variable as a suggestion', async () => {
    await failedLaunch(run, {
      env: { LOCKSTEP_WORKRES: '2' },
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['LOCKSTEP_WORKRES is not an option.', 'Did you mean LOCKSTEP_WORKERS?', 'docs/options.md'],
    })
  })

  it('gets the right variable as a suggestion in .env, with the name of that file', async () => {
    await failedLaunch(run, {
      cwd: folderWith('.env', 'OTHER=1\nLOCKSTEP_PROT=3000\n'),
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['LOCKSTEP_PROT in .env is not an option.', 'Did you mean LOCKSTEP_PORT?', 'docs/options.md'],
    })
  })

  it.each([
    { where: 'at the top', config: { wrokers: 2 }, found: 'wrokers', meant: 'workers' },
    { where: 'with few letters', config: { nmae: 'x' }, found: 'nmae', meant: 'name' },
    { where: 'nested', config: { tls: { crt: 'x' } }, found: 'tls.crt', meant: 'tls.cert' },
    { where: 'too high', config: { cert: 'x' }, found: 'cert', meant: 'tls.cert' },
    { where: 'too deep', config: { limits: { workers: 2 } }, found: 'limits.workers', meant: 'workers' },
  ])(
    'gets the right key as a suggestion in a configuration file: $where',
    async ({ config, found, meant }) => {
      await failedLaunch(run, {
        cwd: folderWith('lockstep.config.json', JSON.stringify(config)),
        code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
        says: [
          `${found} in lockstep.config.json is not an option.`,
          `Did you mean ${meant}?`,
          'docs/options.md',
        ],
      })
    },
  )

  it('gets the right command as a suggestion', async () => {
    await failedLaunch(['chekc', hello], {
      code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN',
      says: ['"chekc" is not a command', 'Did you mean check?', '`lockstep help` lists the commands.'],
    })
  })

  it('gets the right backend as a suggestion', async () => {
    await failedLaunch([...run, '--backend', 'clutser'], {
      code: 'LOCKSTEP_ERR_BACKEND_UNKNOWN',
      says: [
        'There is no backend "clutser"',
        'Set by --backend.',
        'Did you mean cluster?',
        'The backends are single, cluster, command',
      ],
    })
  })
})

describe('an impossible number of workers', () => {
  const expected = 'must be a whole number from 1 to 1024, or auto; found'
  const wrong = [
    { given: '0', found: '0' },
    { given: '-1', found: '-1' },
    { given: '1.5', found: '1.5' },
    { given: 'many', found: '"many"' },
  ]

  it.each(wrong)('is refused as a flag: $given', async ({ given, found }) => {
    await failedLaunch([...run, '--workers', given], {
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [`--workers ${expected} ${found}.`, 'auto is one per CPU'],
    })
  })

  it.each(
    ['WEB_CONCURRENCY', 'LOCKSTEP_WORKERS'].flatMap((variable) =>
      wrong.map((each) => ({ variable, ...each })),
    ),
  )('is refused in $variable: $given', async ({ variable, given, found }) => {
    await failedLaunch(run, {
      env: { [variable]: given },
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [`workers ${expected} ${found} (${variable}).`, 'auto is one per CPU'],
    })
  })

  it.each(wrong)('is refused in a configuration file: $given', async ({ found }) => {
    await failedLaunch(run, {
      cwd: folderWith('lockstep.config.json', `{ "workers": ${found} }`),
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [`workers ${expected} ${found} (workers in lockstep.config.json).`, 'auto is one per CPU'],
    })
  })
})

describe('a passphrase on the command line', () => {
  it.each([
    { flag: '--ssl-keyfile-password', words: ['--ssl-keyfile-password', 'hunter2'] },
    { flag: '--passphrase', words: ['--passphrase=hunter2'] },
    { flag: '--tls-passphrase', words: ['--tls-passphrase', 'hunter2'] },
  ])('is refused for $flag and not shown', async ({ flag, words }) => {
    await failedLaunch([...run, ...words], {
      code: 'LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV',
      says: [
        `${flag} would show the passphrase`,
        'Use --tls-passphrase-file, --tls-passphrase-command or the variable LOCKSTEP_TLS_PASSPHRASE',
        'change the passphrase',
      ],
      hides: ['hunter2'],
    })
  })

  it('is not shown if a configuration file has it as a number', async () => {
    await failedLaunch(run, {
      cwd: folderWith('lockstep.config.json', '{ "tls": { "passphrase": 867530912 } }'),
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [
        'tls.passphrase must be the passphrase of the private key, or (in the API) a function that returns it; found something else',
        '(tls.passphrase in lockstep.config.json)',
      ],
      hides: ['867530912'],
    })
  })
})

describe('a missing value', () => {
  it('in a variable is refused', async () => {
    await failedLaunch(run, {
      env: { LOCKSTEP_WORKERS: '' },
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['LOCKSTEP_WORKERS is set, but empty.', 'Give it a value, or unset it.'],
    })
  })

  it.each([
    { what: 'at the end', words: ['--host'], flag: '--host', form: '--host=VALUE' },
    { what: 'before the next flag', words: ['--host', '--verify'], flag: '--host', form: '--host=VALUE' },
    { what: 'after a short flag', words: ['-w'], flag: '-w', form: '-wVALUE' },
  ])('$what is reported, with how to write it', async ({ words, flag, form }) => {
    const port = await freePort()
    await failedLaunch([...run, '-p', String(port), ...words], {
      ports: [port],
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [`${flag} needs a value.`, `Write ${flag} VALUE, or ${form} if`],
    })
  })
})

it('two mistakes are both reported, with the exit code of the first', async () => {
  await failedLaunch([...run, '--workres', '2', '--backlog', '0', '--tls-min-version', '1.3'], {
    code: ['LOCKSTEP_ERR_OPTION_UNKNOWN', 'LOCKSTEP_ERR_OPTION_INVALID', 'LOCKSTEP_ERR_TLS_WITHOUT_CERT'],
    says: [
      '3 things are wrong:',
      'Did you mean --workers?',
      '--backlog must be a whole number from 1 to 65535; found 0.',
      '--tls-min-version is set, but there is no certificate',
    ],
  })
})

describe('a configuration file', () => {
  it('that is broken may name the app, so a missing app is not reported too', async () => {
    await failedLaunch(['run'], {
      cwd: folderWith('lockstep.config.json', '{"app":'),
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: ['Fix the file'],
    })
  })

  it.each([
    { what: 'that does not exist', words: ['--config', 'gone.json'], says: ['Create the file'] },
    { what: 'of an unknown kind', words: ['--config', 'mine.ini'], says: ['Use a file that ends in .ts'] },
    { what: 'with a missing module', words: ['--config', 'mine.ts'], says: ['Install that module'] },
  ])('$what gets the cure that fits', async ({ words, says }) => {
    const cwd = folderWith('mine.ini', 'port = 1')
    write(cwd, 'mine.ts', "import 'a-module-that-is-missing'\nexport default {}\n")
    await failedLaunch([...run, ...words], { cwd, code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE', says })
  })

  it('beside another one is refused, because one of them would be ignored', async () => {
    const cwd = folderWith('lockstep.config.json', '{}')
    write(cwd, 'lockstep.config.yaml', 'port: 0')
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [
        join(cwd, 'lockstep.config.json'),
        join(cwd, 'lockstep.config.yaml'),
        'choose one with --config',
      ],
    })
    expect(
      await launch({ app: hello, port: 0 }, { directory: cwd, environment: false }).catch((error) => error),
    ).toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      hint: expect.stringContaining('choose one with `config`'),
    })
  })

  it('that is named but missing is reported with its absolute path', async () => {
    const folder = temporaryFolder()
    await failedLaunch([...run, '--config', 'nowhere.ts'], {
      cwd: folder,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [join(folder, 'nowhere.ts'), 'there is no such file', 'name another with --config'],
    })
  })

  it('that fails to read another file is not said to be missing itself', async () => {
    const name = 'lockstep.config.mjs'
    const cwd = folderWith(
      name,
      "import { readFileSync } from 'node:fs'\nexport default { tls: { cert: readFileSync('gone.pem') } }\n",
    )
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [
        /cannot be read: ENOENT: no such file or directory, open '(?:.*[/\\])?gone\.pem'\./,
        `${join(cwd, name)}:2:`,
      ],
    })
  })

  it.each([
    { what: 'is found', name: 'lockstep.config.ts', words: [] },
    { what: 'is named', name: 'mine.mjs', words: ['--config', 'mine.mjs'] },
  ])('that throws shows its own stack when it $what', async ({ name, words }) => {
    const cwd = folderWith(
      name,
      "function read() {\n  throw new RangeError('no room')\n}\nexport default read()\n",
    )
    const stderr = await failedLaunch([...run, ...words], {
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [`The configuration file ${join(cwd, name)} cannot be read: no room.`, 'Fix the file'],
    })
    const frames = stderr.split('\n').filter((line) => /^\s+at /.test(line))
    expect(frames).toHaveLength(2)
    for (const [index, line] of [2, 4].entries())
      expect(frames[index]).toContain(`${join(cwd, name)}:${line}:`)
  })

  it.each([
    {
      name: 'lockstep.config.ts',
      text: 'export default {\n  port: 1,,\n}\n',
      place: /lockstep\.config\.ts:2:/,
    },
    {
      name: 'lockstep.config.mjs',
      text: 'export default {\n  port: 1,,\n}\n',
      place: /lockstep\.config\.mjs:2:/,
    },
    { name: 'lockstep.config.json', text: '{\n  "port": 1,,\n}\n', place: /line 2 column/ },
    { name: 'lockstep.config.yaml', text: 'port: [1\nhost: x: y\n', place: /\(2:\d+\)/ },
  ])('with a syntax error is shown with the place: $name', async ({ name, text, place }) => {
    const cwd = folderWith(name, text)
    await failedLaunch(run, {
      cwd,
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [`The configuration file ${join(cwd, name)} cannot be read`, place, 'Fix the file'],
    })
  })

  it.each([
    { name: 'lockstep.config.mjs', text: 'export default 42\n', found: '42' },
    { name: 'lockstep.config.json', text: '["workers", 2]\n', found: "[ 'workers', 2 ]" },
  ])(
    'that does not contain an object is refused, not treated as empty: $name',
    async ({ name, text, found }) => {
      await failedLaunch(run, {
        cwd: folderWith(name, text),
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        says: [`${name} must be an object of options; found`, found, 'docs/options.md'],
      })
    },
  )
})

describe('a named environment file that cannot be read', () => {
  it.each([
    { what: 'missing', named: 'nowhere.env', reason: 'there is no such file' },
    { what: 'a folder', named: '.', reason: 'it is a directory' },
  ])('is reported with its absolute path when it is $what', async ({ named, reason }) => {
    const cwd = temporaryFolder()
    await failedLaunch(run, {
      cwd,
      env: { LOCKSTEP_ENV_FILE: named },
      code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
      says: [`The environment file ${join(cwd, named)} cannot be read: ${reason}`, 'another with --dotenv'],
    })
  })

  it('is reported when the flag names it', async () => {
    await failedLaunch([...run, '--dotenv', 'nowhere.env'], {
      code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
      says: ['nowhere.env cannot be read: there is no such file', 'another with --dotenv'],
    })
  })
})

describe('options that exclude each other', () => {
  it('--bind and --port are refused together, with both values', async () => {
    const [bind, port] = [await freePort(), await freePort()]
    await failedLaunch([...run, '--bind', `127.0.0.1:${bind}`, '--port', String(port)], {
      ports: [bind, port],
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [`--port (${port}) and --bind (127.0.0.1:${bind})`, 'Leave one of them out'],
    })
  })

  it('an app that is named twice is refused, with both names', async () => {
    await failedLaunch([...run, '--app', 'other.js'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [`The app is named twice: ${hello} and --app other.js.`, 'Leave one of them out.'],
    })
  })
})

describe('an option that the backend cannot honour', () => {
  it.each([
    { what: 'a hang timeout under single', words: ['--workers', '1', '--hang-timeout', '5s'] },
    { what: 'a hang timeout under single by name', words: ['--backend', 'single', '--hang-timeout', '5s'] },
  ])('$what is refused', async ({ words }) => {
    await failedLaunch([...run, ...words], {
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      says: [
        'The backend single cannot honour timeouts.hang = 5s (--hang-timeout): no other process watches',
        'Use --backend cluster',
      ],
    })
  })

  it.each([
    { protocol: 'h3', says: 'Node has no HTTP/3 server' },
    { protocol: 'h2c', says: 'HTTP/2 without TLS' },
  ])('the protocol $protocol is refused with its reason', async ({ protocol, says }) => {
    await failedLaunch([...run, '--tls-self-signed', '--tls-protocols', `http/1.1,${protocol}`], {
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      says: [`cannot honour tls.protocols = http/1.1, ${protocol} (--tls-protocols)`, says],
    })
  })

  it('protocols without a certificate are refused, because plain HTTP has only HTTP/1.1', async () => {
    await failedLaunch([...run, '--tls-protocols', 'h2'], {
      code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
      says: ['--tls-protocols is set, but there is no certificate'],
    })
  })

  it('an unknown protocol is refused', async () => {
    await failedLaunch([...run, '--tls-self-signed', '--tls-protocols', 'h2,spdy'], {
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['--tls-protocols must be h2, http/1.1 or both', 'found "h2,spdy"'],
    })
  })

  it.each(['1x', '365d preload', '1h includeSubDomains preload', '365d everything'])(
    'a policy for HSTS that says "%s" is refused',
    async (policy) => {
      await failedLaunch([...run, '--tls-self-signed', '--tls-hsts', policy], {
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        says: ['--tls-hsts must be a time such as 1h or 365d', `found "${policy}"`],
      })
    },
  )

  it('two workers under single are refused', async () => {
    await failedLaunch([...run, '--workers', '2'], {
      env: { LOCKSTEP_BACKEND: 'single' },
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      says: [
        'The backend single cannot honour workers = 2 (--workers): it serves in one process.',
        'Use --backend cluster',
      ],
    })
  })

  it('an app in memory under cluster is refused by launch()', async () => {
    const port = await freePort()
    const app = (_request: unknown, response: { end(): void }): void => response.end()
    const launched = launch({ app, port, workers: 2 }, { config: false, envFile: false, environment: false })
    await expect(launched).rejects.toMatchObject({
      name: 'LaunchError',
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      exitCode: 6,
      source: 'app in launch()',
      message: expect.stringMatching(/The backend cluster cannot honour app = .*an app in memory/),
      hint: expect.stringContaining("Pass the path of the app's module"),
    })
    await using holder = await holdPort(port)
    expect(holder.port).toBe(port)
  })
})
