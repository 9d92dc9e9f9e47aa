import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { fixtures, runLockstep, startLockstep } from './support/lockstep.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

// Each file costs time to be found, read and linked, in every process: without care it was 881 for the first of these.

it('the version is told without the parts that only a launch needs', async () => {
  const { env, loadedBy } = fileLists()
  await runLockstep(['--version'], { env })
  const files = loadedBy('command').filter((name) => name.startsWith('file:'))
  expect(files.length).toBeLessThan(40)
  expect(files.filter((file) => file.includes('winston'))).toEqual([])
})

it('a launch loads what it uses: a worker what serves its app, and nothing that plans', async () => {
  const { env, loadedBy } = fileLists()
  const server = await startLockstep(['run', 'apps/hello.js', '--port', '0', '--workers', '2'], { env })
  server.signal('SIGTERM')
  await server.finished()
  const packages = packagesOf(loadedBy('worker-1'))
  // What Node has like a browser, 12 MB, comes with an `import` of node:http.
  for (const process of ['command', 'worker-1'])
    expect(loadedBy(process).filter((name) => name.includes('undici'))).toEqual([])
  for (const unneeded of ['execa', 'srvx', 'c12', 'jiti', 'get-port'])
    expect(packages).not.toContain(unneeded)
  // All that a log needs is one file.
  expect(packages).not.toContain('logform')
  expect(loadedBy('worker-1').filter((file) => file.endsWith('/dist/winston.cjs'))).toHaveLength(1)
  const ours = loadedBy('worker-1').filter((file) => file.includes('/packages/') && !file.includes('winston'))
  const sources = ours.flatMap(sourcesOf)
  expect(sources.length).toBeGreaterThan(100)
  // zod is inlined, and the table of options needs it.
  expect(
    sources.filter((source) =>
      /node_modules|\/(preflight|plan|reload|control|hooks|trust)\/|option-table|\/rows-/.test(source),
    ),
  ).toEqual([])
  const bytes = ours.map((file) => statSync(new URL(file)).size)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(220_000)
})

function fileLists() {
  const folder = temporaryFolder()
  return {
    env: {
      NODE_OPTIONS: `--import=${pathToFileURL(join(fixtures, 'list-files.mjs')).href}`,
      FILES_FOLDER: folder,
    },
    loadedBy: (name: string): string[] =>
      JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as string[],
  }
}

/** The sources that were bundled into a script, by its source map. */
function sourcesOf(script: string): string[] {
  const map = new URL(`${script}.map`)
  return existsSync(map) ? (JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }).sources : []
}

function packagesOf(files: readonly string[]): string[] {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//
  return [...new Set(files.flatMap((file) => inPackage.exec(file)?.[1] ?? []))]
}
