import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readBlocks, root } from '../docs/pages/read-page.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'))

it('the README packs the packages by the script that the next test runs', () => {
  const block = readBlocks('README.md').find(({ kind }) => kind?.kind === 'recipe' && kind.name === 'pack')
  expect(block?.text).toBe('npm run pack\n')
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.pack).toBe(
    'node scripts/pack.mjs',
  )
})

// It asks the registry for the packages of others.
it.runIf(runsEverything)(
  `npm run pack prints a command that installs Lockstep in an empty folder${whyLeftOut}`,
  async () => {
    const folder = temporaryFolder()
    // Of what was built before.
    const words = [join(root, 'scripts/pack.mjs'), '--no-build', '--out', folder]
    const { stdout } = await run(process.execPath, words)
    const command = stdout.trimEnd().split('\n').at(-1) ?? ''
    const files = ['lockstep', 'certs', 'conformance', 'core', 'external'].map((name) =>
      join(folder, `${name === 'lockstep' ? name : `lockstep-${name}`}-${version}.tgz`),
    )
    expect(command).toBe(`npm install ${files.toSorted().join(' ')}`)

    const own = temporaryFolder()
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` }
    const inShell = (line: string) => run('sh', ['-c', line], { cwd: own, env })
    for (const line of ['npm init -y', command]) expect((await inShell(line)).stderr).toBe('')
    expect(await inShell('npx lockstep --version')).toEqual({ stdout: `${version}\n`, stderr: '' })
  },
  120_000,
)
