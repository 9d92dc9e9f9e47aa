import { flagTable } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { pages, readBlocks, strayFences } from './pages/read-page.ts'

/** Pages with recipes, and the test that follows each recipe and fails when it misses one. */
const testsOfRecipes: Readonly<Record<string, string>> = {
  'README.md': 'project/pack.test.ts',
  'CONTRIBUTING.md': 'project/recipes.test.ts',
  'docs/tls.md': 'docs-tls.test.ts',
  'docs/external.md': 'docs-external.test.ts',
  'docs/systemd.md': 'docs-systemd.test.ts',
  'docs/kubernetes.md': 'docs-kubernetes.test.ts',
  'docs/behind-a-proxy.md': 'docs-behind-a-proxy.test.ts',
}

describe.each(pages)('%s', (page) => {
  const blocks = readBlocks(page)

  it('has a mark before each block (see test/docs/README.md)', () => {
    const unmarked = blocks.filter(({ kind }) => kind === null)
    expect(unmarked.map(({ line, text }) => `${page}:${line}: ${text.split('\n')[0]}`)).toEqual([])
    expect(strayFences(page)).toEqual([])
  })

  it('has a run for each file and output', () => {
    const ran = new Set(blocks.flatMap(({ kind }) => (kind?.kind === 'run' ? [kind.story] : [])))
    const recipes = new Set(blocks.flatMap(({ kind }) => (kind?.kind === 'recipe' ? [kind.name] : [])))
    const lonely = blocks.filter(({ kind }) => {
      const isOfRecipe = (story: string): boolean => recipes.has(story) && page in testsOfRecipes
      if (kind?.kind === 'file') return !kind.stories.every((story) => ran.has(story) || isOfRecipe(story))
      return kind?.kind === 'output' && !ran.has(kind.story) && !(page in testsOfRecipes)
    })
    expect(lonely.map(({ line }) => `${page}:${line}`)).toEqual([])
    expect([...recipes].filter(() => !(page in testsOfRecipes))).toEqual([])
  })

  it('has JSON that can be parsed', () => {
    for (const { language, text } of blocks)
      if (language === 'json') expect(() => JSON.parse(text)).not.toThrow()
  })

  it('names only flags that exist in the commands that are not run', () => {
    const words = blocks
      .filter(({ kind }) => kind?.kind === 'not run')
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => /^(?:\$ )?(?:npx )?lockstep (?!cert|conformance)/.test(line))
      .flatMap((line) => line.split(' -- ')[0]?.split(/[ =]/) ?? [])
    expect(words.filter((word) => word.startsWith('--') && !flagTable.has(word))).toEqual([])
  })
})
