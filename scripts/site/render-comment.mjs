// Markdown from the parts of a TSDoc comment.
import { DocNodeKind } from '@microsoft/tsdoc'
import { sources } from '../../site/topics.mjs'

/** A section as paragraphs of Markdown. `links` has the places of names, for link tags. */
export function renderSection(section, links) {
  return section.nodes
    .map((node) => renderNode(node, links))
    .join('')
    .trim()
}

/** What follows the summary and the parameters: remarks, the returned value, errors, examples. */
export function renderBlocks({ remarksBlock, returnsBlock, deprecatedBlock, customBlocks }, links) {
  const named = (title, block) =>
    block && renderSection(block.content, links) !== ''
      ? [`**${title}** ${renderSection(block.content, links)}`]
      : []
  const tagged = (tag) => customBlocks.filter(({ blockTag }) => blockTag.tagName === tag)
  return [
    ...named('Deprecated:', deprecatedBlock),
    ...(remarksBlock ? [renderSection(remarksBlock.content, links)] : []),
    ...named('Returns:', returnsBlock),
    ...tagged('@defaultValue').flatMap((block) => named('Default:', block)),
    ...tagged('@throws')
      .flatMap((block) => named('Throws:', block))
      .map(withoutBraces),
    ...tagged('@example').map((block) => renderSection(block.content, links)),
  ]
}

/** `@throws {LaunchError} …`, as TSDoc for JavaScript has it. */
function withoutBraces(text) {
  return text.replace(/\{(\w+)\}/, '`$1`')
}

function renderNode(node, links) {
  switch (node.kind) {
    case DocNodeKind.PlainText:
      return withPageLinks(escaped(node.text))
    case DocNodeKind.EscapedText:
      return escaped(node.decodedText)
    case DocNodeKind.ErrorText:
      return escaped(node.text)
    case DocNodeKind.SoftBreak:
      return '\n'
    case DocNodeKind.CodeSpan:
      return `\`${node.code}\``
    case DocNodeKind.FencedCode:
      return `\n\n\`\`\`${node.language}\n${node.code.trimEnd()}\n\`\`\`\n\n`
    // TypeScript's own tag, which TSDoc does not know.
    case DocNodeKind.BlockTag:
      return node.tagName === '@default' ? '**Default:** ' : ''
    case DocNodeKind.LinkTag:
      return linkTo(node, links)
    case DocNodeKind.Paragraph:
      return `${node.nodes.map((each) => renderNode(each, links)).join('')}\n\n`
    default:
      return node
        .getChildNodes()
        .map((each) => renderNode(each, links))
        .join('')
  }
}

/** Angle brackets would be elements. */
function escaped(text) {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `docs/tls.md` in a comment is for readers of the source. */
function withPageLinks(text) {
  return text.replaceAll(/\bdocs\/[\w-]+\.md/g, (source) =>
    sources.has(source) ? `[${source}](../${sources.get(source)}.md)` : source,
  )
}

function linkTo({ codeDestination, urlDestination, linkText }, links) {
  if (urlDestination) return `[${linkText ?? urlDestination}](${urlDestination})`
  const names = codeDestination.memberReferences.map(({ memberIdentifier }) => memberIdentifier?.identifier)
  const name = names.join('.')
  return links.has(names[0]) ? `[${linkText ?? name}](${links.get(names[0])})` : `\`${linkText ?? name}\``
}
