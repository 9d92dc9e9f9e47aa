// The recipes of CONTRIBUTING.md, followed to the letter in a copy of the repository. `npm test` follows them up to the sources;
// TEST_EVERYTHING=1 also builds what came of them, and starts it as a user would.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { readBlocks, readText } from '../docs/pages/read-page.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { copyRepository } from '../support/repository-copy.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { applyChanges } from './recipes/apply-changes.ts'

const page = 'CONTRIBUTING.md'
const blocks = readBlocks(page).filter(({ kind }) => kind?.kind === 'recipe')
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.trimEnd().split('\n'))
const generates = (command: string): boolean => command.startsWith('npm run new ')

/** What the generator has printed, by its command. */
const printed = new Map<string, string>()
let copy: string

beforeAll(async () => {
  copy = copyRepository()
  for (const { language, text } of blocks) {
    if (language === 'diff') applyChanges(copy, text)
    else
      for (const command of text.trimEnd().split('\n').filter(generates))
        printed.set(command, (await generate(command)).stdout)
  }
}, 180_000)

/** Without npm, which takes half a second and adds nothing. */
function generate(command: string): Promise<{ stdout: string }> {
  const words = command.split(' ').slice('npm run new'.split(' ').length)
  return promisify(execFile)(process.execPath, ['scripts/new/run.mjs', ...words], { cwd: copy })
}

describe('the recipes of CONTRIBUTING.md', () => {
  it('are those of every kind that the generator knows', async () => {
    const { stderr } = await failure(generate('npm run new'))
    const kinds = [...stderr.matchAll(/(?:new|\|) (\w+) /g)].map(([, kind]) => kind)
    expect([...printed.keys()].map((command) => command.split(' ')[3]).sort()).toEqual(kinds.sort())
  })

  it('fill in all that the generator leaves open', () => {
    expect(sources().filter((path) => read(path).includes('FILL IN'))).toEqual([])
  })

  it('leave files as the style check wants them', async () => {
    const changed = blocks
      .filter(({ language }) => language === 'diff')
      .flatMap(({ text }) => text.split('\n').filter((line) => /^[a-z]+\/\S+\.(?:ts|js)$/.test(line)))
    const biome = join(copy, 'node_modules/@biomejs/biome/bin/biome')
    const running = promisify(execFile)(process.execPath, [biome, 'format', ...changed], { cwd: copy })
    await expect(running).resolves.toMatchObject({
      stderr: expect.stringContaining(`Checked ${changed.length} files`),
    })
  })

  it('name each file that the generator writes, or its folder', () => {
    // What a reader reads: the examples name their files too.
    const text = readText(page).replaceAll(/^```diff$[\s\S]*?^```$/gm, '')
    const written = [...printed.values()].flatMap((output) =>
      Array.from(output.matchAll(/^ {2}(\S+\/\S+) {2}/gm), ([, path = '']) => path),
    )
    expect(written.length).toBeGreaterThan(20)
    const isNamed = (path: string): boolean =>
      text.includes(path) ||
      text.includes(`\`${dirname(path)}/`) ||
      // A case is in the folder of its subject, and a command has a folder of its own.
      text.includes(`\`${dirname(dirname(path))}/\``)
    expect(written.filter((path) => !isNamed(path))).toEqual([])
  })

  it.each([
    [
      'option limits.uriBytes',
      'limits.uriBytes is an option already: packages/core/src/options/rows/rows-limits.ts.',
    ],
    ['option Limits.x', '"Limits.x" can\'t be the name of an option.'],
    ['option grace', 'A name without a dot does not say which rows the option belongs to.'],
    ['option new.thing', 'No option begins with "new.", and no rows have that name.'],
    ['option new.thing rows', 'There are no rows "rows".'],
    ['error LOCKSTEP_ERR_INTERNAL', 'LOCKSTEP_ERR_INTERNAL is in the catalogue already.'],
    ['error ASLEEP', '"ASLEEP" can\'t be the code of an error.'],
    [
      'error LOCKSTEP_ERR_MOON_FULL',
      "No code begins with LOCKSTEP_ERR_MOON_, so its exit code can't be derived.",
    ],
    ['error LOCKSTEP_ERR_MOON_FULL moon', '"moon" is not the name of an exit code.'],
    ['case health/ready/over-h2 health.ready', 'health/ready/over-h2 is a case already.'],
    ['case health health.ready', '"health" can\'t be the id of a case.'],
    ['case moon/is-full health.ready', 'No case begins with "moon/".'],
    ['case health/ready/again', 'Missing argument: the options whose effect the case observes.'],
    ['case health/ready/again health.red', '"health.red" is not an option.'],
    ['verb stop', 'There is a command "stop" already: packages/cli/src/commands/stop.'],
    ['verb Stop', '"Stop" can\'t be the name of a verb.'],
    ['backend custom', 'examples/custom-backend.js is there already.'],
    ['moon full', '"moon" is not something that can be added.'],
    ['verb', 'Missing argument: npm run new verb NAME.'],
  ])('the generator refuses %s', async (words, message) => {
    const { planNew } = await import(join(copy, 'scripts/new/plan-new.mjs'))
    expect(() => planNew(words.split(' '))).toThrow(`${message}\n  → `)
  })

  it.each([
    ['option http.serverHeader', '--http-server-header', 'packages/core/src/options/rows/rows-http.ts'],
    ['option grace timeouts', '--grace', 'packages/core/src/options/rows/rows-timeouts.ts'],
    ['option tls.early', '--tls-early', 'packages/core/src/options/rows/rows-tls'],
    ['error LOCKSTEP_ERR_TLS_MOON', '"tls"', 'packages/core/src/errors/error-catalog.ts'],
  ])('the generator derives for %s: %s, in %s', async (words, derived, path) => {
    const { planNew } = await import(join(copy, 'scripts/new/plan-new.mjs'))
    const plan = planNew(words.split(' '))
    expect(plan.does).toContain(derived)
    expect(plan.files[0].path).toContain(path)
  })
})

describe.skipIf(!runsEverything)(`what the recipes make${whyLeftOut}`, () => {
  const outputs = new Map<string, string>()

  // Built once, when all of them are followed.
  beforeAll(async () => {
    for (const command of new Set(commands.filter((each) => !generates(each)))) {
      const running = promisify(execFile)('sh', ['-c', command], { cwd: copy, env: ownEnvironment })
      const { stdout } = await running.catch(({ stdout, stderr }) => {
        throw new Error(`${command} failed:\n${stdout}\n${stderr}`)
      })
      outputs.set(command, stdout)
    }
  }, 600_000)

  const lockstep = (...words: string[]): ReturnType<typeof runLockstep> =>
    runLockstep(words, { script: join(copy, 'packages/cli/bin/lockstep.js') })

  it('an option is in the help, the page and the schema', async () => {
    expect((await lockstep('run', '--help')).stdout).toContain('--limit-uri-bytes')
    expect(read('docs/options.md')).toContain('Maximum length of the path and query of a request.')
    expect(read('packages/cli/lockstep.config.schema.json')).toContain('"uriBytes"')
  })

  it('an option is honoured, and its case observes that on a backend', () => {
    expect(outputOf('conformance single')).toMatch(/✓ limits\/uri-bytes\/refuses-a-longer-one\s+command/)
  })

  it('an error stops a launch, and is in the page', async () => {
    const { code, stderr } = await lockstep('check', `${fixtures}apps/switches.js`, '--live-path', '/')
    expect([code, stderr]).toEqual([2, expect.stringContaining('LOCKSTEP_ERR_HEALTH_PATH_ROOT')])
    expect(read('docs/errors.md')).toContain('A path for health checks hides the first page of the app.')
    expect(outputOf('health.test.ts')).toMatch(/Tests.*1 passed/)
  })

  it('a case fails when its option is dropped', () => {
    expect(outputOf('sabotage')).toMatch(
      /limits\.uriBytes → dropped → limits\/uri-bytes\/refuses-a-longer-one/,
    )
  })

  it('a verb asks a running server, in a test that runs alone', () => {
    expect(outputOf('uptime')).toMatch(/Tests.*1 passed/)
    expect(outputOf('uptime')).not.toMatch(/── (?:style|packages) ──/)
    expect(read('docs/json-output.md')).toContain('How long the server has been running.')
  })

  it('a backend serves, and the suite judges it', () => {
    expect(outputOf('engine-backend.js')).toMatch(/✓ backend\/start\/\S+/)
  })

  function outputOf(part: string): string {
    return [...outputs].find(([command]) => command.includes(part))?.[1] ?? ''
  }
})

/** Without what concerns this run of vitest: one of the commands runs vitest too. */
const ownEnvironment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|TEST_EVERYTHING$|FORCE_COLOR$|NODE_ENV$)/.test(name),
    ),
  ),
  // The dependencies are those of the repository, which pnpm must leave alone.
  pnpm_config_verify_deps_before_run: 'false',
}

function read(path: string): string {
  return readFileSync(join(copy, path), 'utf8')
}

/** Where a stub may be. */
function sources(): string[] {
  return ['packages', 'examples', 'test/cli', 'test/options', 'docs'].flatMap((folder) =>
    readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js|md|txt)$/.test(name) && !/node_modules|dist/.test(name))
      .map((name) => `${folder}/${name}`),
  )
}

async function failure(running: Promise<unknown>): Promise<{ stderr: string }> {
  return running.then(
    () => expect.unreachable(),
    (error) => error,
  )
}
