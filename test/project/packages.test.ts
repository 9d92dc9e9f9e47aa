import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPackedPackages, type Manifest } from '../support/packed-packages.ts'

const namesOfValues = Object.keys(await import('lockstep'))
const embedding = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8')
const typescript = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
let folder: string
let manifests: readonly Manifest[]

beforeAll(async () => {
  ;({ folder, manifests } = await installPackedPackages())
  writeFileSync(join(folder, 'app.js'), 'export default (_request, response) => response.end("hello")\n')
})

/** The environment without variables that Lockstep or Node read. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(LOCKSTEP_|PORT$|HOST$|WEB_CONCURRENCY$|NODE_OPTIONS$|VITEST)/.test(name),
    ),
  )
  return { ...inherited, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder }
}

/** Runs a program of the user's folder until it exits. */
function run(words: readonly string[]): Promise<{ code: number; written: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      words,
      {
        cwd: folder,
        timeout: 60_000,
        killSignal: 'SIGKILL',
        env: ownEnvironment(),
      },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, written: stdout + stderr }),
    ),
  )
}

/** The libraries are those of Node alone, and the declarations of our packages are checked too. */
function checkTypes(
  resolution: string,
  files: readonly string[],
): Promise<{ code: number; written: string }> {
  return run([
    typescript,
    '--noEmit',
    '--strict',
    ...['--skipLibCheck', 'false'],
    ...['--target', 'es2022', '--lib', 'es2022,esnext.disposable', '--types', 'node'],
    ...['--module', resolution === 'bundler' ? 'esnext' : resolution, '--moduleResolution', resolution],
    ...files,
  ])
}

describe('a package that npm has packed', () => {
  it('depends on the exact versions of the other packages', () => {
    const versions = new Map(manifests.map(({ name, version }) => [name, version]))
    expect(versions.size).toBeGreaterThanOrEqual(4)
    const wrong = manifests.flatMap(({ name, dependencies = {}, peerDependencies = {} }) =>
      [...Object.entries(dependencies), ...Object.entries(peerDependencies)]
        .filter(
          ([other, range]) => range.includes(':') || (versions.has(other) && versions.get(other) !== range),
        )
        .map(([other, range]) => `${name}: ${other} ${range}`),
    )
    expect(wrong).toEqual([])
  })

  it('serves with its command', async () => {
    const child = spawn(
      process.execPath,
      [join(folder, 'node_modules/lockstep/bin/lockstep.js'), 'app.js', '--port', '0'],
      {
        cwd: folder,
        env: ownEnvironment(),
      },
    )
    const ended = once(child, 'exit')
    let written = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        written += chunk
      })
    try {
      while (!written.includes('Verified:')) {
        const what = await Promise.race([ended.then(() => 'ended'), once(child.stdout, 'data')])
        if (what === 'ended') throw new Error(written)
      }
      const url = /http:\/\/\S+/.exec(written)?.[0] ?? ''
      expect(await (await fetch(url)).text()).toBe('hello')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })

  it.each(['config.ts', 'config.mjs', 'config.js'])(
    'reads a configuration by defineConfig() (%s)',
    async (name) => {
      writeFileSync(
        join(folder, name),
        "import { defineConfig } from 'lockstep'\nexport default defineConfig({ app: './app.js', backlog: 99 })\n",
      )
      const command = join(folder, 'node_modules/lockstep/bin/lockstep.js')
      const { code, written } = await run([command, 'plan', '--config', name])
      expect({ code, written }).toEqual({ code: 0, written: expect.stringMatching(/backlog = 99 /) })
    },
  )

  it('runs the example of the documentation for hosts', async () => {
    const example = /```ts\n(.*?)```/s.exec(embedding)?.[1] ?? ''
    expect(example).toContain('await server.stopped')
    // The example serves until a signal comes.
    writeFileSync(
      join(folder, 'host.mjs'),
      example.replace(
        '  const { error } = await server.stopped',
        '  setTimeout(() => process.kill(process.pid, "SIGTERM"))\n  const { error } = await server.stopped',
      ),
    )
    const { code, written } = await run(['host.mjs'])
    expect({ code, written }).toMatchObject({
      code: 0,
      written: expect.stringMatching(/ready\nhttps:\S+ 2\n(.*\n)*stopped/),
    })
  })
})

describe('the documentation in the packed package of the command', () => {
  const home = (): string => join(folder, 'node_modules/lockstep')

  it('has every page that errors, help and options name', () => {
    const sources = [
      home(),
      join(folder, 'node_modules/@lockstep/core'),
      join(folder, 'node_modules/@lockstep/external'),
    ]
    const named = sources.flatMap((source) =>
      readdirSync(join(source, 'dist'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .flatMap(
          (file) => readFileSync(join(source, 'dist', file), 'utf8').match(/\bdocs\/[a-z-]+\.md\b/g) ?? [],
        ),
    )
    expect(named).toEqual(expect.arrayContaining(['docs/errors.md', 'docs/options.md']))
    expect([...new Set(named)].filter((page) => !existsSync(join(home(), page)))).toEqual([])
  })

  it('is where an error says, and a link where the docs were removed', async () => {
    const command = join(home(), 'bin/lockstep.js')
    const near = await run([command, 'check', 'missing.js'])
    expect(near.code).toBe(1)
    const page = /^ {2}\[LOCKSTEP_ERR_APP_NOT_FOUND\] (\S+)$/m.exec(near.written)?.[1] ?? ''
    expect(page).toBe(join('node_modules', 'lockstep', 'docs', 'errors.md'))
    expect(readFileSync(join(folder, page), 'utf8')).toContain('`LOCKSTEP_ERR_APP_NOT_FOUND`')

    const aside = join(folder, 'docs-aside')
    renameSync(join(home(), 'docs'), aside)
    try {
      const { written } = await run([command, 'check', 'missing.js'])
      expect(written).toContain('/docs/errors.md#lockstep_err_app_not_found\n')
    } finally {
      renameSync(aside, join(home(), 'docs'))
    }
  })

  it('has no link to a page that is not there', () => {
    const pages = readdirSync(join(home(), 'docs'))
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(home(), 'docs', page), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)]
        .map(([, path = '']) => path)
        .filter((path) => !pages.includes(path)),
    )
    expect(broken).toEqual([])
  })
})

describe('the README of a packed package', () => {
  it.each(['lockstep', '@lockstep/core', '@lockstep/certs', '@lockstep/conformance', '@lockstep/external'])(
    'has an example that runs: %s',
    async (name) => {
      const readme = readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8')
      const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? ''
      expect(example).toContain(`from '${name}'`)
      writeFileSync(join(folder, 'readme.mjs'), example)
      const { code, written } = await run(['readme.mjs'])
      expect({ code, written }).toEqual({ code: 0, written: expect.stringMatching(/\S/) })
      const result = /\) \/\/ (.+)$/m.exec(example)?.[1]
      if (result !== undefined) expect(written).toContain(`${result}\n`)
    },
  )
})

describe('the declarations of a packed package', () => {
  it.each(['nodenext', 'bundler'])('need no types except those of Node (%s)', async (resolution) => {
    const consumer = readFileSync(new URL('../fixtures/consumer.ts', import.meta.url), 'utf8')
    writeFileSync(join(folder, 'consumer.ts'), consumer)
    expect(await checkTypes(resolution, ['consumer.ts'])).toEqual({ code: 0, written: '' })
  })
})

describe('the TSDoc of a packed package', () => {
  const declarations = (): string[] => {
    const scope = join(folder, 'node_modules')
    return ['lockstep', '@lockstep/core'].flatMap((name) =>
      readdirSync(join(scope, name, 'dist'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.d.ts'))
        .map((file) => readFileSync(join(scope, name, 'dist', file), 'utf8')),
    )
  }
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*/.source

  it.each([...namesOfValues, ...['LaunchHandle', 'LaunchContext', 'LaunchHooks', 'Lifespan']])(
    'has an example for %s',
    (name) => {
      const documented = new RegExp(
        `(${comment})export (?:declare (?:function|class|const)|interface) ${name}\\b`,
      )
      const comments = declarations().flatMap((text) => documented.exec(text)?.[1] ?? [])
      expect(comments).toContainEqual(expect.stringContaining('@example'))
    },
  )

  it('has examples without type errors', async () => {
    const examples = declarations().flatMap((text) => {
      const blocks = text.matchAll(/@example\n\s+\* ```ts\n([\s\S]*?)\s+\* ```/g)
      return [...blocks].map(([, lines = '']) => lines.replaceAll(/^\s+\* ?/gm, ''))
    })
    expect(examples.length).toBeGreaterThanOrEqual(8)
    const files = examples.map((example, index) => {
      writeFileSync(join(folder, `example-${index}.ts`), `${example}\n`)
      return `example-${index}.ts`
    })
    expect(await checkTypes('nodenext', files)).toEqual({ code: 0, written: '' })
  })
})

describe('the suite beside a packed package', () => {
  const command = (): string => join(folder, 'node_modules/lockstep/bin/lockstep.js')
  const suite = (): string => join(folder, 'node_modules/@lockstep/conformance')

  it('runs on a backend of the folder, with one core', async () => {
    writeFileSync(
      join(folder, 'backend.mjs'),
      "import { singleBackend } from 'lockstep/backend'\nexport default { ...singleBackend, name: 'own' }\n",
    )
    const { code, written } = await run([
      ...[command(), 'conformance', './backend.mjs', '--case', 'app/module/*', '--door', 'backend'],
    ])
    expect({ code, written }).toEqual({
      code: 0,
      written: expect.stringContaining('1 pass: nothing fell short'),
    })
  })

  it('is asked for when it is not installed', async () => {
    renameSync(suite(), `${suite()}-away`)
    try {
      const { code, written } = await run([command(), 'conformance', '--list'])
      expect(code).toBe(1)
      expect(written).toContain('npm install --save-dev @lockstep/conformance')
      expect(written).toContain('LOCKSTEP_ERR_SUITE_MISSING')
      writeFileSync(join(folder, 'suite.mjs'), "import 'lockstep/conformance'\n")
      expect((await run(['suite.mjs'])).written).toContain("Cannot find package '@lockstep/conformance'")
    } finally {
      renameSync(`${suite()}-away`, suite())
    }
  })

  it('is refused when it would bring a core of its own', async () => {
    const own = join(suite(), 'node_modules/@lockstep/core')
    cpSync(join(folder, 'node_modules/@lockstep/core'), own, { recursive: true })
    try {
      const { written } = await run([command(), 'conformance', '--list'])
      expect(written).toContain('LOCKSTEP_ERR_TWO_CORES')
      expect(written).toContain(own)
    } finally {
      rmSync(join(suite(), 'node_modules'), { recursive: true })
    }
  })

  it('is refused when the backend would bring a core of its own', async () => {
    const home = join(folder, 'other')
    for (const name of ['lockstep', '@lockstep/core', '@lockstep/certs', '@lockstep/external'])
      cpSync(join(folder, 'node_modules', name), join(home, 'node_modules', name), { recursive: true })
    const text =
      "import { singleBackend } from 'lockstep/backend'\nexport default { ...singleBackend, name: 'own' }\n"
    writeFileSync(join(home, 'backend.mjs'), text)
    const { code, written } = await run([
      command(),
      'conformance',
      './other/backend.mjs',
      '--door',
      'backend',
    ])
    expect(code).toBe(1)
    expect(written).toContain('LOCKSTEP_ERR_TWO_CORES')
  })
})

describe('a host that is bundled into one file', () => {
  const host = `import { launch } from 'lockstep'
const options = { app: (_request, response) => response.end('hello'), port: 0, log: { level: 'silent' } }
const main = async () => {
  const server = await launch(options, { config: false, envFile: false, environment: false })
  const text = await (await fetch(server.url)).text()
  await server.stop()
  return text
}
main().then(console.log, ({ name, code, hint }) => console.log(name, code, hint))
`
  beforeAll(() => writeFileSync(join(folder, 'bundled.js'), host))

  const bundlers = {
    async esbuild(format: 'esm' | 'cjs', external: string[], outfile: string) {
      await build({
        entryPoints: [join(folder, 'bundled.js')],
        bundle: true,
        platform: 'node',
        format,
        external,
        outfile,
        logLevel: 'error',
      })
    },
    async Rolldown(format: 'esm' | 'cjs', external: string[], outfile: string) {
      const bundle = await rolldown({
        input: join(folder, 'bundled.js'),
        platform: 'node',
        external: external.length > 0 ? [/^(@lockstep\/|lockstep$)/] : [],
        logLevel: 'silent',
      })
      const dir = `${outfile}-files`
      await bundle.write({
        dir,
        format,
        entryFileNames: basename(outfile),
        chunkFileNames: `[name]${extname(outfile)}`,
      })
      await bundle.close()
    },
  } as const
  const kinds = [
    ['esbuild', 'esm'],
    ['esbuild', 'cjs'],
    ['Rolldown', 'esm'],
    ['Rolldown', 'cjs'],
  ] as const

  it.each(kinds)('gets an error that says to keep Lockstep external (%s, %s)', async (name, format) => {
    const file = join(folder, `${name}-all.${format === 'esm' ? 'mjs' : 'cjs'}`)
    await bundlers[name](format, [], file)
    const place = name === 'Rolldown' ? join(`${file}-files`, basename(file)) : file
    const { written } = await run([place])
    expect(written).toMatch(/^LaunchError LOCKSTEP_ERR_BUNDLED .*external/)
  })

  it('gets it without the suite too', async () => {
    const suite = join(folder, 'node_modules/@lockstep/conformance')
    renameSync(suite, `${suite}-away`)
    try {
      const file = join(folder, 'without-suite.mjs')
      await bundlers.esbuild('esm', [], file)
      expect((await run([file])).written).toMatch(/^LaunchError LOCKSTEP_ERR_BUNDLED .*external/)
    } finally {
      renameSync(`${suite}-away`, suite)
    }
  })

  it.each(kinds)('serves with Lockstep external (%s, %s)', async (name, format) => {
    const file = join(folder, `${name}-external.${format === 'esm' ? 'mjs' : 'cjs'}`)
    await bundlers[name](format, ['lockstep', '@lockstep/*'], file)
    const place = name === 'Rolldown' ? join(`${file}-files`, basename(file)) : file
    expect(await run([place])).toEqual({ code: 0, written: 'hello\n' })
  })
})
