import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rewriteLinks } from '../../scripts/site/rewrite-links.mjs'
import { sources, topics } from '../../site/topics.mjs'

const root = join(import.meta.dirname, '../..')

describe('the pages of the site', () => {
  it('are every page of docs/ once, and those at the root that readers need', () => {
    const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .map((name) => `docs/${name.replaceAll('\\', '/')}`)
      // The reports of the API are for those who review its changes. The site has a reference.
      .filter((name) => name.endsWith('.md') && !name.startsWith('docs/api/'))
    const atRoot = ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md']
    expect(Object.values(topics).flat().toSorted()).toEqual([...atRoot, ...docs].toSorted())
  })

  it('have different names', () => {
    expect(new Set(sources.values()).size).toBe(sources.size)
  })
})

describe('a link of a page', () => {
  const titles = new Map([...sources.keys()].map((source) => [source, `Title of ${source}`]))
  const isFile = (target: string): boolean => target === 'docs/data/some.json'
  const rewritten = (text: string, source = 'docs/tls.md'): string =>
    rewriteLinks(text, { source, titles, isFile, root })

  it('leads to the page of the site, with its anchor', () => {
    expect(rewritten('see [the options](options.md#tls) for it')).toBe(
      'see [the options](/options.md#tls) for it',
    )
    expect(rewritten('[reporting](../SECURITY.md)')).toBe('[reporting](/security-policy.md)')
    expect(rewritten('[TLS](docs/tls.md)', 'README.md')).toBe('[TLS](/tls.md)')
  })

  it('has the title of the page where the text is the name of a file', () => {
    expect(rewritten('[docs/tls.md](docs/tls.md)', 'README.md')).toBe('[Title of docs/tls.md](/tls.md)')
    expect(rewritten('[`options.md`](options.md#tls)')).toBe('[Title of docs/options.md](/options.md#tls)')
  })

  it('leads to a file that the site has, or to the repository', () => {
    expect(rewritten('[data](data/some.json)')).toBe('[data](/data/some.json)')
    expect(rewritten('[code](../packages/core/package.json)')).toBe(
      '[code](https://github.com/lockstep-run/lockstep/blob/main/packages/core/package.json)',
    )
    expect(rewritten('[examples](../examples)')).toMatch(/\/tree\/main\/examples\)$/)
  })

  it('stays as it is when it is dead, within the page, or to another site', () => {
    for (const text of ['[gone](gone.md)', '[below](#below)', '[Node](https://nodejs.org/)'])
      expect(rewritten(text)).toBe(text)
    expect(existsSync(join(root, 'docs/gone.md'))).toBe(false)
  })
})
