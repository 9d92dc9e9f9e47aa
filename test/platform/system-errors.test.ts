import { symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const app = join(fixtures, 'apps/facts.js')
const isLinux = process.platform === 'linux'

function write(name: string, text: string): string {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  return file
}

describe('a path that the system refuses has its own error', () => {
  const loop = join(temporaryFolder(), 'loop')
  symlinkSync('loop', loop)
  const folder = temporaryFolder()
  const long = join(folder, 'a'.repeat(300))

  it.each([
    ['links in a circle', loop, 'the links on its path lead in a circle'],
    ['a name that is too long', long, 'there is no such file'],
    ['a folder', folder, 'it is a folder'],
  ])('as the configuration file: %s', async (_, path, reason) => {
    await failedLaunch(['run', app, '--config', path], {
      code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
      says: [path, reason],
    })
  })

  it.each([
    ['a folder', folder],
    ['links in a circle', loop],
  ])('as the module of a backend: %s', async (_, path) => {
    await failedLaunch(['run', app, '--backend', path], {
      code: 'LOCKSTEP_ERR_BACKEND_UNKNOWN',
      says: [path],
    })
  })

  it.skipIf(!isLinux)('as the environment file: a device without an end', async () => {
    await failedLaunch(['run', app, '--dotenv', '/dev/zero'], {
      code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
      says: ['/dev/zero', 'it is a device without an end'],
    })
  })
})

it.each([
  'app',
  'backend',
  'pidFile',
  'chdir',
  'name',
  'user',
  'accessLog.file',
  'bind',
  'tls.key',
  'tls.keylog',
])('a NUL character in %s is refused before anything is read', async (name) => {
  const [outer = '', inner] = name.split('.')
  const value = { [outer]: inner === undefined ? 'unix:/tmp/a\0b' : { [inner]: 'a\0b' } }
  const config = write('lockstep.config.json', JSON.stringify(value))
  const { code, stderr } = await runLockstep(['check', '--config', config, ...(name === 'app' ? [] : [app])])
  expect([code, stderr]).toEqual([
    expect.any(Number),
    expect.stringContaining(`${name} holds a NUL character`),
  ])
  expect(stderr).toContain('LOCKSTEP_ERR_OPTION_INVALID')
  expect(stderr).not.toContain('LOCKSTEP_ERR_INTERNAL')
})

it('a NUL character in the URL of a file is refused too', async () => {
  const config = write('lockstep.config.json', '{ "app": "file:///a%00b" }')
  const { stderr } = await runLockstep(['check', '--config', config])
  expect(stderr).toContain('app holds a NUL character')
})

describe('a backend whose module', () => {
  it('throws is refused with its own error and stack', async () => {
    const file = write('backend.mjs', "throw new Error('no licence')\n")
    await failedLaunch(['run', app, '--backend', file], {
      code: 'LOCKSTEP_ERR_BACKEND_LOAD',
      says: [file, 'Error: no licence.', 'The stack trace below shows where.', `${file}:1:7`],
    })
    const { code, stderr } = await runLockstep(['conformance', file, '--case', 'tls/alpn/*'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('LOCKSTEP_ERR_BACKEND_LOAD')])
  })

  it('imports a missing package is refused with the cure', async () => {
    const file = write('backend.mjs', "import 'a-package-that-is-missing'\n")
    await failedLaunch(['run', app, '--backend', file], {
      code: 'LOCKSTEP_ERR_BACKEND_LOAD',
      says: ["Cannot find package 'a-package-that-is-missing'", 'Install the package that is named'],
    })
  })
})

describe('a package that is missing', () => {
  it.each([
    { what: 'import', name: 'import.mjs', text: "import 'a-package-that-is-missing'\n" },
    { what: 'require()', name: 'require.cjs', text: "require('a-package-that-is-missing')\n" },
  ])('is named with the command that installs it (by $what)', async ({ name, text }) => {
    const stderr = await failedLaunch(['run', write(name, text)], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ['Install the package that is named, where the app is: `npm install a-package-that-is-missing`.'],
    })
    expect(stderr.split('\n')[0]).not.toContain('Require stack')
  })

  it('is not suggested for a path', async () => {
    const stderr = await failedLaunch(['run', write('path.cjs', "require('./routes')\n")], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ["Cannot find module './routes'. The stack trace below shows where."],
    })
    expect(stderr).not.toContain('npm install')
  })
})

it('a module in a package of CommonJS, as npm init makes it, is named with the setting for modules', async () => {
  const module = write('module.js', "import { createServer } from 'node:http'\n")
  writeFileSync(join(dirname(module), 'package.json'), '{ "type": "commonjs" }')
  await failedLaunch(['run', module], {
    code: 'LOCKSTEP_ERR_APP_LOAD',
    says: ['Write "type": "module" in the package.json of the app, or let the file end in .mjs.'],
  })
})

it('an import without the ending of its file is named with what a path needs', async () => {
  const server = write('server.mjs', "import './schema'\n")
  writeFileSync(join(dirname(server), 'schema.js'), 'module.exports = 1\n')
  const stderr = await failedLaunch(['run', server], {
    code: 'LOCKSTEP_ERR_APP_LOAD',
    says: ["Cannot find module '", 'Correct the path in the import. A path to a file has its ending.'],
  })
  expect(stderr).not.toContain('Install')
})

it('a message of several lines becomes sentences', async () => {
  await failedLaunch(['run', write('old.mjs', "throw new Error('no database\\nSee the manual')\n")], {
    code: 'LOCKSTEP_ERR_APP_LOAD',
    says: ['Error: no database. See the manual.'],
  })
})

describe('the stack of an app', () => {
  it.each(['1', '2'])('is announced only if it contains a line of the app (%s workers)', async (workers) => {
    const missing = write('missing.mjs', "import 'a-package-that-is-missing'\nexport default () => {}\n")
    const stderr = await failedLaunch(['run', missing, '--workers', workers], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ["Cannot find package 'a-package-that-is-missing'", 'Install the package that is named'],
    })
    expect(stderr).not.toContain('The stack trace below')
    expect(stderr).not.toMatch(/^\s+at /m)
    const throwing = write('throwing.mjs', "throw new Error('no database')\n")
    await failedLaunch(['run', throwing, '--workers', workers], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: ['no database', 'The stack trace below shows where.', `${throwing}:1:7`],
    })
  })
})

it.each([
  [
    'app.ts',
    'const seal = (of: unknown) => of\n@seal class A { x = 1 }\nexport default () => new A()\n',
    'npm install -D tsx',
  ],
  ['app.tsx', 'export default () => <h1>hello</h1>\n', "Cannot find module 'react/jsx-runtime'"],
])(
  'TypeScript that lacks what it needs is refused, and the error names that: %s',
  async (name, text, lacks) => {
    await failedLaunch(['run', write(name, text)], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [name, lacks],
    })
  },
)
