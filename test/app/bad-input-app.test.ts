import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const app = (name: string): string => join(fixtures, 'apps', name)
const recognised =
  'It must be a (req, res) or (req, res, next) function, { fetch }, an app of Express, Koa, Fastify or Hono, an http.Server that listens for requests or upgrades, a WebSocketServer of ws, or a factory of any of these'

describe('an app that cannot be found', () => {
  it('is reported when none is named, with both ways to name it', async () => {
    await failedLaunch(['run'], {
      code: 'LOCKSTEP_ERR_APP_MISSING',
      says: ['Missing argument: the app.', 'lockstep run ./server.js', 'lockstep.config.ts'],
    })
  })

  it('is looked for in the folder when none is named', async () => {
    const cwd = temporaryFolder()
    write(cwd, 'package.json', '{ "main": "index.js" }')
    write(cwd, 'index.js', 'module.exports = () => undefined\n')
    const says = ['Missing argument: the app.', '`lockstep run .` for index.js here']
    await failedLaunch(['run'], { cwd, code: 'LOCKSTEP_ERR_APP_MISSING', says })
  })

  it.each([
    { app: '.', says: ['`lockstep exec -- npm run dev`', '-- --port {port}', '`lockstep serve .`'] },
    { app: 'dev', says: ['package.json has the script dev.', '`lockstep exec -- npm run dev`'] },
    { app: 'build:client', says: ['`lockstep exec -- npm run build:client`'] },
  ])('is offered as the program of a script when it is $app', async ({ app: name, says }) => {
    const cwd = temporaryFolder()
    write(cwd, 'package.json', '{ "scripts": { "dev": "vite", "build:client": "vite build" } }')
    write(cwd, 'index.html', '<!doctype html>')
    await failedLaunch(['run', name], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
  })

  it('gets a suggestion when its name is misspelt, with the paths that were tried', async () => {
    const stderr = await failedLaunch(['run', 'apps/helo.js'], {
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: [
        'There is no app at apps/helo.js.',
        `Tried ${app('helo.js')}, the same with .js, .mjs, .cjs, .ts, .mts, .cts, .tsx, .jsx added, and package.json and index files in a folder`,
        `Did you mean ${app('hello.js')}?`,
      ],
    })
    expect(stderr).not.toContain('import.meta.url')
  })

  it('is reported as a folder if it is one, and the same folder is not suggested', async () => {
    const stderr = await failedLaunch(['run', 'apps'], {
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: [
        'There is no app at apps, which is a folder.',
        'index files in a folder',
        'Name a JavaScript or TypeScript module',
      ],
    })
    expect(stderr).not.toContain('Did you mean')
  })

  it.each([
    ['page.html', 'To serve the files of its folder: `lockstep serve .`'],
    ['data.json', 'Name a JavaScript or TypeScript module by its path.'],
    ['README.md', 'Name a JavaScript or TypeScript module by its path.'],
  ])('is not a file of another kind: %s', async (name, hint) => {
    const cwd = temporaryFolder()
    write(cwd, name, '{}')
    await failedLaunch(['run', name], {
      cwd,
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: [`There is no app at ${name}: that file is not a program.`, hint],
    })
  })

  it('is reported with the variable that set it', async () => {
    await failedLaunch(['run'], {
      env: { LOCKSTEP_APP: 'apps/nowhere.js' },
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: [
        'There is no app at apps/nowhere.js.',
        'Set by LOCKSTEP_APP.',
        'Name a JavaScript or TypeScript module',
      ],
    })
  })
})

describe.each([
  { backend: 'single', workers: ['--workers', '1'] },
  { backend: 'cluster', workers: ['--workers', '2'] },
])('under $backend', ({ backend, workers }) => {
  const launch = (name: string, ...more: string[]): string[] => ['run', `apps/${name}`, ...workers, ...more]

  it.each([
    {
      kind: 'an ES module',
      file: 'throws-on-load.js',
      error: 'TypeError: the database is away',
      frames: ['throw new TypeError', 'connectToTheDatabase()'],
    },
    {
      kind: 'a CommonJS module',
      file: 'throws-on-load.cjs',
      error: 'TypeError: the database is away',
      frames: ['throw new TypeError', 'connectToTheDatabase()'],
    },
    {
      kind: 'a TypeScript module',
      file: 'throws-on-load.ts',
      error: 'TypeError: the database db://somewhere is away',
      frames: ['throw new TypeError', 'connectTo({'],
    },
    {
      kind: 'a TypeScript module with an enum',
      file: 'throws-on-load-enum.ts',
      error: 'TypeError: the paint red has run out',
      frames: ['throw new TypeError', 'paint(Colour.Red)'],
    },
    {
      kind: 'an async factory',
      file: 'rejecting-factory.js',
      error: 'RangeError: the factory has no steel',
      frames: ['throw new RangeError'],
    },
  ])(
    '$kind that throws on load shows only its own stack, with file and line',
    async ({ file, error, frames }) => {
      const stderr = await failedLaunch(launch(file), {
        code: 'LOCKSTEP_ERR_APP_LOAD',
        says: [`${app(file)} fails while it is loaded: ${error}.`, 'The stack trace below shows where.'],
      })
      const lines = stderr.split('\n').filter((line) => /^\s+at /.test(line))
      expect(lines).toHaveLength(frames.length)
      const source = readFileSync(app(file), 'utf8').split('\n')
      const named = lines.map((line) => source[Number(/:(\d+):\d+\)?$/.exec(line)?.[1]) - 1])
      for (const [index, text] of frames.entries()) expect(named[index]).toContain(text)
      for (const line of lines) expect(line).toContain(app(file))
    },
  )

  it.each([
    { kind: 'an ES module', name: 'broken.mjs', text: 'export default (a, b) => {\n  b.end("x"\n}\n' },
    { kind: 'a CommonJS module', name: 'broken.cjs', text: 'module.exports = (a, b) => {\n  b.end("x"\n}\n' },
    {
      kind: 'a TypeScript module',
      name: 'broken.ts',
      text: 'export default (a: unknown, b: any) => {\n  b.end("x"\n}\n',
    },
  ])('a syntax error in $kind is shown with its file and line', async ({ name, text }) => {
    const file = write(temporaryFolder(), name, text)
    // Parsers differ in whether they report the line before or after the gap.
    await failedLaunch(['run', file, ...workers], {
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [/SyntaxError|ParseError/, /broken\.\w+:[23]\b/],
    })
  })

  it.each([
    { file: 'app.js', says: 'Write "type": "module" in the package.json of the app' },
    { file: 'app.cjs', says: 'Let the file end in .mjs' },
    { file: 'app.mjs', says: 'Write "type": "module" in the package.json of the app' },
  ])(
    'an ES module that Node takes as CommonJS is reported once, without warnings of Node: $file',
    async ({ file, says }) => {
      const cwd = temporaryFolder()
      write(cwd, 'package.json', '{ "type": "commonjs" }')
      const text = "import 'node:fs'\nexport default (a, b) => b.end()\n"
      write(cwd, 'routes.js', text)
      write(cwd, file, file === 'app.mjs' ? text.replace('node:fs', './routes.js') : text)
      const stderr = await failedLaunch(['run', file, ...workers], {
        ...{ cwd, code: 'LOCKSTEP_ERR_APP_LOAD' },
        says: ['Cannot use import statement outside a module', says],
      })
      expect(stderr).toMatch(/^✗ /)
      expect(stderr).not.toContain('arning')
    },
  )

  it('a module that an app can do without keeps the warning of Node', async () => {
    const cwd = temporaryFolder()
    write(cwd, 'package.json', '{ "type": "commonjs" }')
    write(cwd, 'routes.js', "import 'node:fs'\n")
    write(
      cwd,
      'app.mjs',
      "await import('./routes.js').catch(() => undefined)\nexport default (a, b) => b.end()\n",
    )
    await using server = await startLockstep(['run', 'app.mjs', '--port', '0', ...workers], { cwd })
    await server.waitFor('Failed to load the ES module')
  })

  it('a syntax error in a module that the app imports is shown with the file and line of that module', async () => {
    const folder = temporaryFolder()
    write(folder, 'routes.mjs', 'export const routes = [\n  1,\n')
    await failedLaunch(
      [
        'run',
        write(folder, 'app.mjs', "import './routes.mjs'\nexport default (a, b) => b.end()\n"),
        ...workers,
      ],
      { code: 'LOCKSTEP_ERR_APP_LOAD', says: ['SyntaxError', /near .*\/routes\.mjs:[234]\)/] },
    )
  })

  it.each([
    {
      what: 'nothing',
      file: 'exports-nothing.js',
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: [
        'exports no app, and no server of it listens',
        'Export the app by default',
        'or let a server of node:http listen',
      ],
    },
    {
      what: 'only names that are not the default one',
      file: 'named-export-only.js',
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: ['has no default export', 'name its export behind a colon', 'It exports config, createApp.'],
    },
    {
      what: 'a number',
      file: 'exports-number.js',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is a number', recognised, 'Export the app itself'],
    },
    {
      what: 'a class',
      file: 'exports-class.js',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is the class Shop', recognised, 'Export the app itself'],
    },
    {
      what: 'nothing, as a script that ends',
      file: 'exports-nothing.cjs',
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: ['exports no app, and no server of it listens', 'let a server of node:http listen'],
    },
    {
      what: 'an empty object',
      file: 'exports-empty-object.js',
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: ['exports no app, and no server of it listens', 'Export the app by default'],
    },
    {
      what: 'a function with one parameter',
      file: 'exports-one-parameter.js',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is a function with one parameter', recognised, '--interface fetch', '--interface factory'],
    },
    {
      what: 'a plugin of Fastify',
      file: 'exports-fastify-plugin.cjs',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is a plugin of Fastify', 'fastify-cli', 'set --interface node'],
    },
    {
      what: 'a middleware of Koa',
      file: 'exports-koa-middleware.js',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is a middleware of Koa', 'new Koa().use(middleware)', 'set --interface node'],
    },
    {
      what: 'a factory of a middleware of Koa',
      file: 'exports-koa-factory.js',
      code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
      says: ['is a middleware of Koa', 'new Koa().use(middleware)'],
    },
  ])('a module that exports $what is refused', async ({ file, code, says }) => {
    await failedLaunch(launch(file), { code, says: [app(file), ...says] })
  })

  it('a named export that is missing gets a suggestion', async () => {
    await failedLaunch(launch('named-export-only.js:creatApp'), {
      code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
      says: [
        `${app('named-export-only.js')} has no export "creatApp"`,
        'Did you mean createApp?',
        'It exports config, createApp.',
      ],
    })
  })

  it('a factory that never settles is abandoned after the boot timeout', async () => {
    await failedLaunch(launch('never-settles.js', '--boot-timeout', '1s'), {
      code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
      says: [`${app('never-settles.js')} did not become ready within 1 s.`, 'Raise --boot-timeout'],
    })
  })

  it('an app that ends its process while it loads is reported, with any exit code', async () => {
    await failedLaunch(launch('exits-on-load.js'), {
      code: 'LOCKSTEP_ERR_WORKER_BOOT',
      says: [
        backend === 'single' ? 'The app ended this process before it was ready' : 'ended before it was ready',
        'exit code 3',
        'Something in the app ends the process while it loads.',
      ],
    })
  })
})

it('cluster kills a worker whose app blocks its event loop while it loads', async () => {
  await failedLaunch(['run', 'apps/blocks-for-ever.js', '--workers', '2', '--boot-timeout', '1s'], {
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    says: [
      /Worker \d did not become ready within 1 s, and its event loop is blocked\./,
      'Raise --boot-timeout',
    ],
  })
})
