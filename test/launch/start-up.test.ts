import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Finding, reading and linking each file costs time in every process. Without care, the first of these loaded 881 files.

it('--version loads no part that only a launch needs', async () => {
  const { env, loadedBy } = fileLists()
  await runLockstep(['--version'], { env })
  const files = loadedBy('command').filter((name) => name.startsWith('file:'))
  expect(files.length).toBeLessThan(40)
  expect(files.filter((file) => file.includes('winston'))).toEqual([])
})

it('a launch loads only what it uses, and a worker loads nothing that only plans', async () => {
  const { env, loadedBy } = fileLists()
  const server = await startLockstep(['run', 'apps/hello.js', '--port', '0', '--workers', '2'], { env })
  server.signal('SIGTERM')
  await server.finished()
  const packages = packagesOf(loadedBy('worker-1'))
  // An `import` of node:http also loads Node's browser APIs, which take 12 MB.
  for (const process of ['command', 'worker-1'])
    expect(loadedBy(process).filter((name) => name.includes('undici'))).toEqual([])
  for (const unneeded of ['execa', 'srvx', 'c12', 'jiti', 'zod']) expect(packages).not.toContain(unneeded)
  const ours = loadedBy('worker-1').filter((file) => file.includes('/packages/'))
  // A worker logs nothing before the stop.
  expect(ours.filter((file) => file.includes('winston'))).toEqual([])
  // The stop was.
  expect(loadedBy('command').filter((file) => file.includes('winston')).length).toBe(1)
  const sources = ours.flatMap(sourcesOf)
  expect(sources.length).toBeGreaterThan(100)
  // zod is bundled, and the table of options needs it.
  expect(
    sources.filter((source) =>
      /node_modules|\/(preflight|plan|reload|control|hooks|trust)\/|option-table|\/rows-/.test(source),
    ),
  ).toEqual([])
  const bytes = ours.map((file) => statSync(new URL(file)).size)
  // A sixth of it is for programs that listen by themselves: any app may be one. Settings that an app sets while it serves, connections that it ends
  // instead of an answer, and the alert of a refused client on Windows have added to it.
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(313_000)
  expect(sources.filter((source) => source.includes('/front/proxy-request'))).toEqual([])
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
