import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}
interface Contents {
  readonly manifest: Readonly<Record<string, unknown>>
  readonly names: readonly string[]
}
const { contentFaults } = (await import(join(root, 'scripts/release/tarball-rules.mjs'))) as {
  contentFaults(contents: Contents): string[]
}
const { inOrderOfNeed } = (await import(join(root, 'scripts/release/publish-tarballs.mjs'))) as {
  inOrderOfNeed(packages: readonly Manifest[]): Manifest[]
}

/** Runs a script of the repository to its end. */
function runScript(...words: readonly string[]): Promise<{ code: number; written: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      words,
      { cwd: root, timeout: 240_000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, written: stdout + stderr }),
    ),
  )
}

describe.skipIf(!runsEverything)(`the rehearsal of a release${whyLeftOut}`, () => {
  it('versions, packs and checks every package, and would publish it', { timeout: 250_000 }, async () => {
    const out = temporaryFolder()
    const { code, written } = await runScript('scripts/release-rehearsal.mjs', '--no-build', '--out', out)
    expect({ code, written }).toMatchObject({ code: 0 })
    const published = [...written.matchAll(/^(\S+) \S+: would be published$/gm)].map(([, name]) => name)
    expect(published).toEqual([
      '@lockstep/certs',
      '@lockstep/core',
      '@lockstep/external',
      'lockstep',
      '@lockstep/conformance',
    ])
    expect(readdirSync(out).filter((name) => name.endsWith('.tgz'))).toHaveLength(5)
  })
})

describe('a tarball', () => {
  const manifest = {
    files: ['dist', 'CHANGELOG.md', '!dist/.tsbuildinfo'],
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    bin: { tool: './dist/tool.js' },
  }
  const names = [
    ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'],
    ...['dist/index.js', 'dist/index.d.ts', 'dist/tool.js'],
  ]

  it('passes with what it promises', () => {
    expect(contentFaults({ manifest, names })).toEqual([])
  })

  it.each(['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.d.ts', 'dist/tool.js'])(
    'is refused without %s',
    (missing) => {
      expect(contentFaults({ manifest, names: names.filter((name) => name !== missing) })).toEqual([
        `${missing} is missing`,
      ])
    },
  )

  it('is refused without the pages that errors and help name', () => {
    const withDocs = { ...manifest, files: [...manifest.files, 'docs', 'man'], man: ['./man/tool.1'] }
    const faults = contentFaults({ manifest: withDocs, names })
    expect(faults).toEqual(
      expect.arrayContaining([
        'docs/errors.md is missing',
        'docs/options.md is missing',
        'man/tool.1 is missing',
      ]),
    )
    const all = [...names, ...faults.map((fault) => fault.replace(' is missing', ''))]
    expect(contentFaults({ manifest: withDocs, names: all })).toEqual([])
  })

  it('is refused with files that are not for users', () => {
    const more = ['src/index.ts', 'dist/.tsbuildinfo']
    expect(contentFaults({ manifest, names: [...names, ...more] })).toEqual([
      'src/index.ts is not in "files" of package.json',
      'dist/.tsbuildinfo is not for users',
    ])
  })

  it('is refused with a dependency that only the workspace understands', () => {
    const dependencies = { other: 'workspace:*' }
    expect(contentFaults({ manifest: { ...manifest, dependencies }, names })).toEqual([
      'other is workspace:*, which only this workspace understands',
    ])
  })

  it('is published after those that it needs', () => {
    const packages = [
      { name: 'a', dependencies: { b: '1.0.0', elsewhere: '1.0.0' } },
      { name: 'b', dependencies: { c: '1.0.0' } },
      { name: 'c' },
    ]
    expect(inOrderOfNeed(packages).map(({ name }) => name)).toEqual(['c', 'b', 'a'])
  })
})

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly needs?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

const folder = join(root, '.github/workflows')
const workflows = readdirSync(folder).map((name) => {
  const workflow = parse(readFileSync(join(folder, name), 'utf8')) as Workflow
  return { name, workflow, steps: Object.values(workflow.jobs).flatMap(({ steps }) => steps) }
})

describe.each(workflows)('the workflow $name', ({ workflow, steps }) => {
  it('runs only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>
    }
    const commands = steps.flatMap(({ run, with: settings }) => [
      run ?? '',
      String(settings?.['script'] ?? ''),
    ])
    const files = commands.flatMap(
      (line) => line.match(/(?<![\w/])(?:scripts|packages|\.ci)\/[\w./-]+/g) ?? [],
    )
    const names = commands.flatMap((line) => [...line.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name))
    expect(files.length + names.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(names.filter((name) => scripts[name ?? ''] === undefined)).toEqual([])
  })

  it('pins each action: those of GitHub by major version, others by commit', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? [])
    expect(actions.length).toBeGreaterThan(0)
    const pin = /^actions\/[\w-]+@v\d+$|^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/
    expect(actions.filter((action) => !pin.test(action))).toEqual([])
  })

  it('may write nothing unless a job says so', () => {
    expect(Object.values(workflow.permissions).filter((right) => right !== 'read')).toEqual([])
  })
})

describe('the release workflow', () => {
  const jobs: Workflow['jobs'] = workflows.find(({ name }) => name === 'release.yml')?.workflow.jobs ?? {}

  it('lets only the job that publishes prove who it is, once a person has agreed and the tests have passed', () => {
    const proving = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'])
    expect(proving.map(([name]) => name)).toEqual(['publish'])
    expect(jobs['publish']).toMatchObject({ environment: 'release', needs: 'pack' })
    expect(jobs['pack']?.steps.map(({ run }) => run)).toContain('.ci/run')
    expect(jobs['pack']?.permissions).toEqual({ contents: 'read' })
  })

  it('builds and tests without a cache that another workflow may have written', () => {
    const setUps = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/setup-node')),
    )
    expect(setUps.length).toBe(Object.keys(jobs).length)
    for (const { with: settings } of setUps)
      expect(settings).toMatchObject({ 'package-manager-cache': false })
  })
})

describe('the stability policy', () => {
  const policy = readFileSync(join(root, 'docs/stability.md'), 'utf8')

  it('names the oldest Node that the packages allow, and the ones that the suite runs on', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
      engines: { node: string }
    }
    const platforms = readFileSync(join(folder, 'platforms.yml'), 'utf8')
    const versions = /node: \[(.+)\]/.exec(platforms)?.[1]?.split(', ') ?? []
    expect(policy).toContain(`needs Node ${engines.node.replace('>=', '')} or newer`)
    expect(policy).toContain(`on Node ${versions.slice(0, -1).join(', ')} and ${versions.at(-1)} `)
  })
})
