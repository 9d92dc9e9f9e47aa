import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const roomsWithSources = ['packages', 'test', 'scripts', 'bench', 'examples', 'docs', '.ci', '.github']
const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .map((name) => `packages/${name.replaceAll('\\', '/')}`)
    .filter((name) => /^packages\/\w+\/src\/(.+\/)?README\.md$/.test(name)),
]

/** Names of files that the reader makes. */
const filesOfTheReader = ['lockstep.config.ts', '.config/lockstep.ts']

/** Files that a document names in backticks: a path or a name of a source file, without patterns such as `read-*.ts`. */
function filesNamedIn(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '')
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
  return spans.filter(
    (span) => /^[\w./-]+\.(ts|sh|txt)$/.test(span) || /^(scripts|test|bench)\/[\w./-]+\.mjs$/.test(span),
  )
}

function sourceFiles(): string[] {
  const isOurs = (name: string): boolean => !/(^|[\\/])(node_modules|dist)([\\/]|$)/.test(name)
  return roomsWithSources.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter(isOurs)
      .map((name) => `/${room}/${name.replaceAll('\\', '/')}`),
  )
}

describe('every source file that a document names exists:', () => {
  const present = sourceFiles()

  it.each(documents)('%s', (document) => {
    const named = filesNamedIn(document).filter((name) => !filesOfTheReader.includes(name))
    const missing = named.filter((name) => !present.some((path) => path.endsWith(`/${name}`)))
    expect(missing).toEqual([])
  })

  it('SECURITY.md names a test for each promise', () => {
    expect(filesNamedIn('SECURITY.md').length).toBeGreaterThan(20)
  })
})
