// Copies the pages of the documentation into the package of the command, for users without the repository:
//   node ../../scripts/release/copy-docs.mjs docs
// run by npm before it packs. Links to what is not copied lead to the repository.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { isMain } from '../is-main.mjs'
import { rootFolder } from '../workspace.mjs'
import { repositoryUrl } from './manifest-rules.mjs'

/** Its charts are files of their own, and no error or help points to it. */
const leftOut = ['benchmarks.md']

/** The names of the pages that a package holds. */
export function packedPages() {
  return readdirSync(join(rootFolder, 'docs')).filter(
    (name) => name.endsWith('.md') && !leftOut.includes(name),
  )
}

/** A page with the links that its copy needs. */
export function packedPage(text, pages) {
  return text.replaceAll(/\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g, (link, path, anchor = '') => {
    if (pages.includes(path)) return link
    const file = normalize(join('docs', path)).replaceAll('\\', '/')
    return `](${repositoryUrl}/blob/main/${file}${anchor})`
  })
}

/** Touches only what differs, since two packings may run at the same time. */
function copyDocs(target) {
  mkdirSync(target, { recursive: true })
  const pages = packedPages()
  // Beside the folder, where no packing finds it.
  const unfinished = `${target}.${process.pid}`
  for (const name of readdirSync(target))
    if (name.endsWith('.md') && !pages.includes(name)) rmSync(join(target, name))
  for (const name of pages) {
    const file = join(target, name)
    const text = packedPage(readFileSync(join(rootFolder, 'docs', name), 'utf8'), pages)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    writeFileSync(unfinished, text)
    renameSync(unfinished, file)
  }
}

if (isMain(import.meta.url)) copyDocs(process.argv[2] ?? 'docs')
