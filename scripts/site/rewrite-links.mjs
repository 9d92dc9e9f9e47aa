// The links of a page, for the site.
import { existsSync, statSync } from 'node:fs'
import { dirname, extname, posix } from 'node:path'
import { sources } from '../../site/topics.mjs'
import { repositoryUrl } from '../release/manifest-rules.mjs'

const link = /(\[[^\]\n]*\])\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g

/**
 * Returns the text of the source with links to other pages of the site where there is one, and to the repository otherwise. A link whose
 * text is the name of a page gets its title. A dead link stays one, so that the build fails. `isFile` says which files the site has.
 */
export function rewriteLinks(text, { source, titles, isFile, root }) {
  return text.replaceAll(link, (whole, words, path, anchor = '') => {
    const target = posix.normalize(posix.join(dirname(source), path))
    const name = sources.get(target)
    if (name) return `${titled(words, titles.get(target))}(/${name}.md${anchor})`
    if (isFile(target)) return `${words}(/${target.replace(/^docs\//, '')})`
    const file = posix.join(root, target)
    if (!existsSync(file)) return whole
    return `${words}(${repositoryUrl}/${statSync(file).isDirectory() ? 'tree' : 'blob'}/main/${target}${anchor})`
  })
}

/** `[docs/tls.md]` is how GitHub's readers know a page. */
function titled(words, title) {
  const text = words.slice(1, -1).replaceAll('`', '')
  return extname(text) === '.md' ? `[${title}]` : words
}
