import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const installed = join(import.meta.dirname, '../../node_modules')

/** A folder with these files, and with these packages of ours installed. */
function project(files: Readonly<Record<string, string>>, packages: readonly string[] = []): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    write(folder, name, text)
  }
  for (const name of packages) {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    symlinkSync(join(installed, name), join(folder, 'node_modules', name))
  }
  return folder
}

const tsconfig = (compilerOptions: object): string => JSON.stringify({ compilerOptions })

const serve = (what: string): string =>
  `export default (request: unknown, response: { end(text: string): void }) => response.end(String(${what}))\n`

const loaded = [
  {
    what: 'JSX of the package that tsconfig.json names',
    app: 'app.tsx',
    files: {
      'tsconfig.json': tsconfig({ jsx: 'react-jsx', jsxImportSource: 'hono/jsx' }),
      'app.tsx':
        "import { Hono } from 'hono'\nconst app = new Hono()\napp.get('/', (c) => c.html(<b>hello</b>))\nexport default app\n",
    },
    packages: ['hono'],
    answers: '<b>hello</b>',
  },
  {
    what: 'paths of a tsconfig.json that another one extends',
    app: 'src/app.ts',
    files: {
      'base.json': tsconfig({ baseUrl: '.', paths: { '@/*': ['src/*'], '~lib': ['src/lib'] } }),
      'tsconfig.json': '{ "extends": "./base.json" } // with a comment',
      'src/lib.ts': "export const word: string = 'mapped'\n",
      'src/app.ts': `import { word } from '@/lib'\nimport { word as again } from '~lib'\n${serve("word + ' ' + again")}`,
    },
    answers: 'mapped mapped',
  },
  {
    what: 'decorators of the older kind',
    app: 'app.ts',
    files: {
      'tsconfig.json': tsconfig({ experimentalDecorators: true }),
      'app.ts': `const seen: string[] = []
function note(target: object, name: string) { seen.push(name) }
class Shop { @note open() {} }
${serve('seen')}`,
    },
    answers: 'open',
  },
  {
    what: 'the import of a type without the word type',
    app: 'app.ts',
    files: {
      'shop.ts': 'export interface Shop { name: string }\nexport const shop: Shop = { name: "typed" }\n',
      'app.ts': `import { Shop, shop } from './shop.ts'\nconst mine: Shop = shop\n${serve('mine.name')}`,
    },
    answers: 'typed',
  },
]

const standardDecorators = {
  'lib/shop.ts': `export const seen: string[] = []
function note(value: unknown, context: { name: string }) { seen.push(String(context.name)) }
/** @deprecated in a comment */
export class Shop {
  @note
  open() {}
}
`,
  'app.ts': `import { seen } from './lib/shop.ts'\n${serve('seen')}`,
}

describe.each(['single', 'cluster'])('under %s', (backend) => {
  const args = ['--backend', backend, '--port', '0']

  it.each(loaded)('$what: loaded without a package for it', async ({ app, files, packages, answers }) => {
    await using server = await startLockstep(['run', app, ...args], { cwd: project(files, packages) })
    expect(await exchange(server.url)).toMatchObject({ status: 200, body: answers })
  })

  it('standard decorators are refused by their place, with the package that loads them', async () => {
    const cwd = project(standardDecorators)
    await failedLaunch(['run', 'app.ts', '--backend', backend], {
      cwd,
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [`${join(cwd, 'lib/shop.ts')}:5 has a decorator`, 'npm install -D tsx'],
    })
  })

  it('standard decorators are loaded once that package is installed', async () => {
    const cwd = project(standardDecorators, ['tsx'])
    await using server = await startLockstep(['run', 'app.ts', ...args], { cwd })
    expect(await exchange(server.url)).toMatchObject({ status: 200, body: 'open' })
  })
})

it('a module that throws a SyntaxError while it runs is loaded once', async () => {
  const cwd = project({ 'app.ts': "console.error('runs')\nJSON.parse('{')\n" })
  const stderr = await failedLaunch(['run', 'app.ts'], {
    cwd,
    code: 'LOCKSTEP_ERR_APP_LOAD',
    says: ['runs', 'in JSON at position 1'],
  })
  expect(stderr.split('runs')).toHaveLength(2)
})

const unloadable = 'export enum Size { Small }\nexport const size = Size.Small\n'

it.each([
  {
    how: 'import()',
    app: 'app.ts',
    files: {
      'size.ts': unloadable,
      'app.ts': `console.error('runs')\nawait import('./size.ts')\n${serve('1')}`,
    },
    place: 'size.ts:1',
  },
  {
    how: 'import() without an ending',
    app: 'app.ts',
    files: {
      'size.ts': 'export const size: number = 1\n',
      'app.ts': `console.error('runs')\nawait import('./size')\n${serve('1')}`,
    },
    place: 'size',
  },
  {
    how: 'require()',
    app: 'app.cts',
    files: {
      'size.cts': 'enum Size { Small }\nmodule.exports = Size\n',
      'app.cts': "console.error('runs')\nrequire('./size.cts')\nmodule.exports = () => undefined\n",
    },
    place: 'size.cts:1',
  },
])('what an app loads by $how while it runs does not run the app twice', async ({ app, files, place }) => {
  const cwd = project(files)
  const stderr = await failedLaunch(['run', app], {
    cwd,
    code: 'LOCKSTEP_ERR_APP_LOAD',
    says: [`${join(cwd, app)} loads a module while it runs`, join(cwd, place), '--import tsx'],
  })
  expect(stderr.match(/^runs$/gm)).toHaveLength(1)
})

it('that app is loaded with the loader that the refusal names', async () => {
  const files = {
    'size.ts': unloadable,
    'app.ts': `const { size } = await import('./size.ts')\n${serve("'size ' + size")}`,
  }
  await using server = await startLockstep(['run', 'app.ts', '--import', 'tsx', '--port', '0'], {
    cwd: project(files, ['tsx']),
  })
  expect(await exchange(server.url)).toMatchObject({ status: 200, body: 'size 0' })
})

it('a CommonJS app that Node cannot compile goes through a loader', async () => {
  const cwd = project({
    'package.json': '{ "type": "commonjs" }',
    'word.ts': "export const word: string = 'compiled'\n",
    'app.ts': `import { word } from './word'\n${serve('word')}`,
  })
  await using server = await startLockstep(['run', 'app.ts', '--port', '0'], { cwd })
  expect(await exchange(server.url)).toMatchObject({ status: 200, body: 'compiled' })
  // Node's warning that the file could not be loaded is not true then.
  expect(server.stderr()).not.toContain('Warning')
})

it('a mistake in JSX is reported with its place', async () => {
  const cwd = project({ 'app.tsx': 'const a: number = 1\nexport default () => <b>hello</i>\n' })
  await failedLaunch(['run', 'app.tsx'], { cwd, code: 'LOCKSTEP_ERR_APP_LOAD', says: ['app.tsx:2'] })
})
