import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Block, pages, readBlocks, root } from './pages/read-page.ts'
import { storyModules } from './pages/story-modules.ts'

// The JavaScript and TypeScript of the pages against the types of the packages. JavaScript may leave types of parameters out.

interface Snippet {
  readonly block: Block
  /** Folder and name. Files of one story can import one another. */
  readonly path: string
}

const isProgram = (block: Block): boolean => /^[cm]?[jt]sx?$/.test(block.language)

function snippetsOf(page: string): Snippet[] {
  const folder = page.replaceAll(/\W/g, '-')
  return readBlocks(page)
    .filter(isProgram)
    .flatMap((block) => {
      const { kind } = block
      if (kind?.kind === 'file')
        return kind.stories.map((story) => ({ block, path: join(folder, story, kind.path) }))
      return kind?.kind === 'recipe' && kind.file ? [{ block, path: join(folder, kind.name, kind.file) }] : []
    })
}

/** Files of the repository that the reader of a story has. */
function borrowedBy(page: string): { readonly from: string; readonly path: string }[] {
  const folder = page.replaceAll(/\W/g, '-')
  return readBlocks(page).flatMap(({ kind }) =>
    kind?.kind === 'run'
      ? kind.with.map((from) => ({ from, path: join(folder, kind.story, basename(from)) }))
      : [],
  )
}

const configuration = {
  compilerOptions: {
    ...{ strict: true, noImplicitAny: false, noEmit: true, skipLibCheck: true },
    ...{ allowJs: true, checkJs: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true },
    ...{ module: 'nodenext', target: 'es2024', lib: ['es2024', 'esnext'], types: ['node'] },
    moduleDetection: 'force',
  },
}

it('every program in the documentation has the types of our packages', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  symlinkSync(await storyModules(), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration))
  const snippets = pages.flatMap(snippetsOf)
  expect(snippets.length).toBeGreaterThan(20)
  for (const { block, path } of snippets) save(join(folder, path), block.text)
  for (const { from, path } of pages.flatMap(borrowedBy)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, from), join(folder, path))
  }
  expect(await check(folder, snippets)).toBe('')
})

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Returns the errors of the compiler, each with the place in the page. */
function check(folder: string, snippets: readonly Snippet[]): Promise<string> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
      { cwd: folder, timeout: 100_000 },
      (error, stdout, stderr) => {
        const named = snippets.reduce(
          (text, { block, path }) => text.replaceAll(`${path}(`, `${block.page}:${block.line} (${path}) (`),
          stdout + stderr,
        )
        resolve(error && named === '' ? String(error) : named)
      },
    ),
  )
}
