// `npm test -- FILE` builds only when the last build no longer holds. That must never be missed.
import { cpSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
const workspace = temporaryFolder()
const inWorkspace = (name: string): string => join(workspace, name)

interface BuildState {
  isBuilt(): boolean
  recordBuild(before: string): void
  forgetBuild(): void
  digestOfInputs(): string
}
let state: BuildState

beforeAll(async () => {
  for (const name of ['build-state.mjs', 'workspace.mjs'])
    cpSync(join(root, 'scripts', name), inWorkspace(`scripts/${name}`), { recursive: true })
  for (const folder of ['packages/one/src/inner', 'packages/one/dist', 'node_modules'])
    mkdirSync(inWorkspace(folder), { recursive: true })
  state = await import(pathToFileURL(inWorkspace('scripts/build-state.mjs')).href)
})

beforeEach(() => {
  writeFileSync(inWorkspace('turbo.json'), '{"globalDependencies": ["tsconfig.base.json"]}')
  for (const name of [
    ...['tsconfig.base.json', 'node_modules/.lockstep-setup'],
    ...['package.json', 'tsconfig.json', 'src/index.ts', 'src/inner/part.ts', 'dist/index.js'].map(
      (file) => `packages/one/${file}`,
    ),
  ])
    writeFileSync(inWorkspace(name), '{}')
  state.recordBuild(state.digestOfInputs())
})

it('a build holds while nothing has changed, and when a source is saved again as it was', () => {
  expect(state.isBuilt()).toBe(true)
  writeFileSync(inWorkspace('packages/one/src/index.ts'), '{}')
  expect(state.isBuilt()).toBe(true)
})

it.each([
  'packages/one/src/inner/part.ts',
  'packages/one/src/new.ts',
  'packages/one/package.json',
  'packages/one/tsconfig.json',
  'tsconfig.base.json',
  'node_modules/.lockstep-setup',
])('a build no longer holds when %s is changed or added', (name) => {
  writeFileSync(inWorkspace(name), '{"changed": true}')
  expect(state.isBuilt()).toBe(false)
  rmSync(inWorkspace('packages/one/src/new.ts'), { force: true })
})

it('a build no longer holds when a source is removed', () => {
  rmSync(inWorkspace('packages/one/src/inner/part.ts'))
  expect(state.isBuilt()).toBe(false)
})

it('a build no longer holds when its output is removed, or written by something else', () => {
  utimesSync(inWorkspace('packages/one/dist/index.js'), 1, 1)
  expect(state.isBuilt()).toBe(false)
  rmSync(inWorkspace('packages/one/dist'), { recursive: true })
  expect(state.isBuilt()).toBe(false)
  mkdirSync(inWorkspace('packages/one/dist'))
})

it('a build during which a source has changed is not recorded', () => {
  const before = state.digestOfInputs()
  state.forgetBuild()
  writeFileSync(inWorkspace('packages/one/src/index.ts'), '{"changed": true}')
  state.recordBuild(before)
  expect(state.isBuilt()).toBe(false)
})
