// Copies the pages of the repository into the folder that VitePress reads.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sources, topics } from '../../site/topics.mjs'
import { rootFolder } from '../workspace.mjs'
import { rewriteLinks } from './rewrite-links.mjs'

/** Folders of docs/ whose files the pages show or link. */
const fileFolders = ['docs/benchmarks', 'docs/data']

/** Writes the pages into a folder. Returns the sidebar. */
export function collectPages(folder) {
  const texts = new Map([...sources.keys()].map((source) => [source, readSource(source)]))
  const titles = new Map([...texts].map(([source, text]) => [source, titleOf(source, text)]))
  const isFile = (target) =>
    fileFolders.some((one) => target.startsWith(`${one}/`)) && existsSync(join(rootFolder, target))
  for (const [source, text] of texts) {
    const name = sources.get(source)
    writePage(folder, name, {
      text: rewriteLinks(text, { source, titles, isFile, root: rootFolder }),
      after: source === 'docs/conformance.md' ? caseTable() : '',
    })
  }
  for (const one of fileFolders) copyFiles(one, join(folder, 'public', one.replace('docs/', '')))
  return Object.entries(topics).map(([text, pages]) => ({
    text,
    collapsed: false,
    items: pages.map((source) => ({
      text: source === 'README.md' ? 'Overview' : titles.get(source),
      link: source === 'README.md' ? '/' : `/${sources.get(source)}`,
    })),
  }))
}

export function writePage(folder, name, { text, after = '', outline = '[2, 3]' }) {
  const file = join(folder, `${name}.md`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `---\noutline: ${outline}\n---\n\n${text}\n${after}`)
}

/** Pages are not files of the site: VitePress would read them where they are copied to. */
function copyFiles(source, target) {
  const from = join(rootFolder, source)
  if (!existsSync(from)) return
  cpSync(from, target, { recursive: true, filter: (name) => !name.endsWith('.md') })
}

function readSource(source) {
  return readFileSync(join(rootFolder, source), 'utf8')
}

function titleOf(source, text) {
  const [, title] = /^# (.+)$/m.exec(text) ?? []
  if (!title) throw new Error(`${source} has no title.`)
  return source === 'CHANGELOG.md' ? 'Changelog' : title.replaceAll('`', '')
}

/** The matrix writes the data with the page; a page from before has none. */
function caseTable() {
  if (!existsSync(join(rootFolder, 'docs/data/conformance.json'))) return ''
  return '\n## Every case\n\n<ConformanceTable />\n'
}
