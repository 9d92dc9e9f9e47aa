import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const answers = (word: string): string =>
  `module.exports = (request, response) => response.end(JSON.stringify({ word: '${word}', args: process.argv.slice(2), mode: process.env.SHOP_MODE, imported: globalThis.imported }))\n`

/** A folder with a package.json and files, each of which answers with its path. */
function project(manifest: object | string | null, files: readonly string[]): string {
  const folder = temporaryFolder()
  if (manifest !== null)
    write(folder, 'package.json', typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    write(folder, file, answers(file))
  }
  return folder
}

/** The file of the command `shop-serve`, beside `node_modules/.bin`. */
const command = 'node_modules/@shop/serve/bin/serve'

/** A project whose dependencies have commands, as `next` and `react-router-serve` are. */
function withDependency(kind: string, scripts: Readonly<Record<string, string>>): string {
  const bin = { 'shop-serve': 'bin/serve', pm2: 'bin/serve', lockstep: 'bin/serve', native: 'bin/native' }
  const folder = project({ main: 'none.js', [kind]: { '@shop/serve': '1', absent: '1' }, scripts }, [command])
  write(folder, 'node_modules/@shop/serve/package.json', JSON.stringify({ name: '@shop/serve', bin }))
  write(folder, command, `#!/usr/bin/env node\n${answers(command)}`)
  write(folder, 'node_modules/@shop/serve/bin/native', '\u007fELF')
  return folder
}

async function plannedApp(cwd: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await runLockstep(['plan', '--json', '.', '--port', '0', ...args], { cwd })
  const { app, faults } = JSON.parse(stdout) as { app: unknown; faults: unknown }
  expect(faults).toEqual([])
  return app
}

describe('of a folder, `lockstep run .` serves', () => {
  it.each([
    {
      what: 'exports of package.json',
      manifest: { exports: './dist/a.js', main: 'b.js' },
      file: 'dist/a.js',
    },
    {
      what: 'the condition of an import in exports',
      manifest: { exports: { '.': { types: './x.d.ts', import: './a.js' }, './more': './b.js' } },
      file: 'a.js',
    },
    {
      what: 'main of package.json',
      manifest: { main: 'lib/a', scripts: { test: 'node b.js' } },
      file: 'lib/a.js',
    },
    {
      what: 'what npm start starts, also when main and exports name another file',
      manifest: { exports: './b.js', main: 'b.js', scripts: { start: 'node a.js' } },
      file: 'a.js',
      by: 'scripts.start',
    },
    {
      what: 'main, when scripts.start is node .',
      manifest: { main: 'lib/a', scripts: { start: 'node .' } },
      file: 'lib/a.js',
      by: 'scripts.start',
    },
    {
      what: 'main, when scripts.start is another program, and the plan says so',
      manifest: { main: 'lib/a', scripts: { start: 'lockstep run .' } },
      file: 'lib/a.js',
      by: 'scripts.start is not followed, because lockstep is neither node nor a command of an installed dependency',
    },
    {
      what: 'main, when scripts.start is several commands, and the plan says so',
      manifest: { main: 'lib/a', scripts: { start: 'npm run build && node b.js' } },
      file: 'lib/a.js',
      by: 'scripts.start is not followed, because it is more than one command',
    },
    {
      what: 'main, when there is no file of scripts.start, and the plan says so',
      manifest: { main: 'lib/a', scripts: { start: 'node dist/c.js' } },
      file: 'lib/a.js',
      by: 'scripts.start starts dist/c.js, which does not exist',
    },
    {
      what: 'what scripts.start starts, when there is no file of main',
      manifest: { main: 'index.js', scripts: { start: 'node ./b.js' } },
      file: 'b.js',
      by: 'scripts.start',
    },
    {
      what: 'a script without an ending',
      manifest: { scripts: { start: 'node ./bin/www' } },
      file: 'bin/www',
    },
    { what: 'index.js', manifest: { name: 'app' }, file: 'index.js' },
    { what: 'index.js without a package.json', manifest: null, file: 'index.js' },
  ])('$what', async ({ manifest, file, by = '' }) => {
    const cwd = project(manifest, [file, 'b.js'])
    expect(await plannedApp(cwd)).toMatchObject({
      file: join(cwd, file),
      chosenBy: expect.stringContaining(by),
    })
    await using server = await startLockstep(['run', '.', '--port', '0'], { cwd })
    expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ word: file })
  })

  it.each(['single', 'cluster'])(
    'what scripts.start starts, with its arguments, preloads and variables, under %s',
    async (backend) => {
      const start =
        "SHOP_MODE=production node --no-warnings --import ./trace.mjs -r ./old.cjs server.js --shop 'two words'"
      const cwd = project({ main: 'server.js', scripts: { start } }, ['server.js'])
      write(cwd, 'trace.mjs', "globalThis.imported = ['trace']\n")
      write(cwd, 'old.cjs', "globalThis.imported.push('old')\n")
      const run = ['run', cwd, '--backend', backend, '--port', '0']
      await using server = await startLockstep(run, { cwd: temporaryFolder() })
      const seen = {
        word: 'server.js',
        args: ['--shop', 'two words'],
        mode: 'production',
        imported: ['trace', 'old'],
      }
      expect(JSON.parse((await exchange(server.url)).body)).toEqual(seen)
      await using own = await startLockstep([...run, '--', '--mine'], { env: { SHOP_MODE: 'test' } })
      // What the user sets counts.
      expect(JSON.parse((await exchange(own.url)).body)).toEqual({ ...seen, args: ['--mine'], mode: 'test' })
    },
  )

  it.each(['single', 'cluster'])(
    'what the command of a dependency starts, with its arguments and variables, under %s',
    async (backend) => {
      const cwd = withDependency('dependencies', { start: 'SHOP_MODE=production shop-serve start --shop' })
      const { stdout } = await runLockstep(['plan', '.', '--port', '0'], { cwd })
      expect(stdout).toContain(
        `App: ${join(cwd, command)} (by scripts.start of ${join(cwd, 'package.json')}: `,
      )
      const run = ['run', '.', '--backend', backend, '--port', '0']
      await using server = await startLockstep(run, { cwd })
      const by = 'scripts.start of package.json: SHOP_MODE=production shop-serve start --shop'
      expect(server.stdout()).toContain(`➜ App:      ${command} (by ${by})\n`)
      expect(JSON.parse((await exchange(server.url)).body)).toEqual({
        word: command,
        args: ['start', '--shop'],
        mode: 'production',
      })
    },
  )

  it('what such a command of a workspace above starts', async () => {
    const above = withDependency('dependencies', { start: 'shop-serve' })
    const cwd = join(above, 'apps', 'web')
    mkdirSync(cwd, { recursive: true })
    const manifest = { dependencies: { '@shop/serve': '1' }, scripts: { start: 'shop-serve' } }
    write(cwd, 'package.json', JSON.stringify(manifest))
    expect(await plannedApp(cwd)).toMatchObject({ file: join(above, command) })
  })

  it('the same when its package.json is named', async () => {
    const cwd = project({ main: 'a.js' }, ['a.js'])
    const { stdout } = await runLockstep(['plan', 'package.json', '--port', '0'], { cwd })
    expect(stdout).toContain(`App: ${join(cwd, 'a.js')} (by main of ${join(cwd, 'package.json')})\n`)
  })

  it('what the plan names with the reason', async () => {
    const cwd = project({ main: 'a.js' }, ['a.js'])
    const { stdout } = await runLockstep(['plan', '.', '--port', '0'], { cwd })
    expect(stdout).toContain(`App: ${join(cwd, 'a.js')} (by main of ${join(cwd, 'package.json')})\n`)
  })
})

describe('a folder is refused, with the cure', () => {
  it.each([
    {
      start: 'next start',
      says: ['next is neither node nor a command', 'lockstep exec --chdir', 'npm start'],
    },
    {
      start: 'npm run build && node dist/main.js --shop',
      says: ['more than one command', '`npm run build`, and then `lockstep run dist/main.js -- --shop`'],
    },
    { start: 'node a.js | pino-pretty', says: ['or needs a shell', 'Or name the file'] },
    {
      start: 'PORT=3000 node a.js',
      says: ['it sets PORT, which is an option here', 'Use `lockstep run a.js --port 3000`.'],
    },
    { start: 'node --max-old-space-size=4096 a.js', says: ["NODE_OPTIONS='--max-old-space-size=4096'"] },
    {
      start: 'node --env-file=.env.local a.js',
      says: ['node with --env-file=.env.local', 'Use `lockstep run a.js --dotenv .env.local`.'],
    },
    { start: 'node --env-file .env.local a.js', says: ['Use `lockstep run a.js --dotenv .env.local`.'] },
    {
      start: 'SHOP_MODE=test HOST=::1 WEB_CONCURRENCY=2 node -r ./b.js --no-opt --trace-warnings a.js --shop',
      says: [
        'it sets HOST, which is an option here, and it sets WEB_CONCURRENCY',
        'and it starts node with --no-opt, and',
        'Use `lockstep run a.js --import ./b.js --host ::1 --workers 2 -- --shop`,',
        "with SHOP_MODE=test NODE_OPTIONS='--no-opt --trace-warnings' in the environment.",
      ],
    },
    {
      start: 'npm run build && SHOP_MODE=test PORT=3000 node a.js',
      says: ['`npm run build`, and then `lockstep run a.js --port 3000`, with SHOP_MODE=test in'],
    },
    { start: 'node dist/server.js', says: ['starts dist/server.js', 'npm run build'] },
  ])('when scripts.start is $start', async ({ start, says }) => {
    const cwd = project({ scripts: { start } }, ['a.js'])
    await failedLaunch(['run', '.'], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
  })

  it.each(['PORT=3000 node a.js', 'node --max-old-space-size=4096 a.js'])(
    'when scripts.start is %s, also if main names the file',
    async (start) => {
      const cwd = project({ main: 'a.js', scripts: { start } }, ['a.js'])
      await failedLaunch(['run', '.'], {
        cwd,
        code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
        says: ['reads and does not run', start],
      })
    },
  )

  it.each([
    { kind: 'devDependencies', start: 'shop-serve', says: ['@shop/serve, which is a dependency for dev'] },
    {
      kind: 'dependencies',
      start: 'pm2 start a.js',
      says: ['pm2 starts the server in a process of its own'],
    },
    { kind: 'dependencies', start: 'lockstep run .', says: ['it starts Lockstep itself'] },
    { kind: 'dependencies', start: 'native', says: ['native is not a program for Node'] },
    {
      kind: 'dependencies',
      start: 'npm run build && shop-serve start',
      says: [`and then \`lockstep run ${command} -- start\``],
    },
  ])('when scripts.start is $start of $kind', async ({ kind, start, says }) => {
    const cwd = withDependency(kind, { start })
    await failedLaunch(['run', '.'], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
  })

  it('when a command of a dependency would run in another folder', async () => {
    const folder = withDependency('dependencies', { start: 'shop-serve' })
    await failedLaunch(['run', folder], {
      cwd: temporaryFolder(),
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: ['which npm runs in that folder', `--chdir ${folder}`],
    })
    const run = ['run', '.', '--chdir', folder, '--port', '0']
    await using server = await startLockstep(run, { cwd: temporaryFolder() })
    expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ word: command })
  })

  it('with the file of a usual name, when there is no file of main, or no app is named', async () => {
    const cwd = project({ main: 'index.js' }, ['server.mjs'])
    const says = ['There is a file server.mjs: `lockstep run server.mjs`.']
    await failedLaunch(['run', '.'], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
    await failedLaunch(['run'], { cwd, code: 'LOCKSTEP_ERR_APP_MISSING', says })
  })

  it('with the script that starts Node, if another one does', async () => {
    const cwd = project({ scripts: { start: 'nest start', 'start:prod': 'node dist/main' } }, [])
    const says = ['The script start:prod of package.json starts dist/main by Node: `lockstep run dist/main`.']
    for (const app of ['.', 'start:prod'])
      await failedLaunch(['run', app], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
  })

  it('with the file of a command that an installed package brings', async () => {
    const file = 'node_modules/some-server/cli.js'
    const cwd = project({ devDependencies: { 'some-server': '1' } }, [file])
    write(cwd, join(dirname(file), 'package.json'), '{ "bin": { "serve-some": "cli.js" } }')
    const says = [`serve-some is a command of an installed package: \`lockstep run ${join(file)}\`.`]
    await failedLaunch(['run', 'serve-some'], { cwd, code: 'LOCKSTEP_ERR_APP_NOT_FOUND', says })
    await using server = await startLockstep(['run', file, '--port', '0'], { cwd })
    expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ word: file })
  })

  it('unless Node has that flag already', async () => {
    const cwd = project({ scripts: { start: 'node --enable-source-maps a.js' } }, ['a.js'])
    const env = { NODE_OPTIONS: '--enable-source-maps' }
    await using server = await startLockstep(['run', '.', '--port', '0'], { cwd, env })
    expect(JSON.parse((await exchange(server.url)).body)).toMatchObject({ word: 'a.js' })
  })

  it('when the file of main is not built yet', async () => {
    const cwd = project({ main: 'dist/index.js' }, [])
    await failedLaunch(['run', '.'], {
      cwd,
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: ['names dist/index.js', 'npm run build'],
    })
  })

  it('when package.json is not JSON', async () => {
    const cwd = project('{ "main": ', ['index.js'])
    await failedLaunch(['run', '.'], {
      cwd,
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: ['package.json is not valid JSON'],
    })
  })
})
