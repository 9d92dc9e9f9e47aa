// The page of an entry of the API: what a program can import, then the types that these use.
import { ApiItemKind } from '@microsoft/api-extractor-model'
import { nestedOptions } from './nested-options.mjs'
import { renderBlocks, renderSection } from './render-comment.mjs'

const groups = [
  { title: 'Functions', kinds: [ApiItemKind.Function] },
  { title: 'Classes', kinds: [ApiItemKind.Class] },
  { title: 'Variables', kinds: [ApiItemKind.Variable] },
  { title: 'Types', kinds: [ApiItemKind.Interface, ApiItemKind.TypeAlias, ApiItemKind.Enum] },
]

/** What the entry exports, of all that its declarations use. */
export function exportedOf(members) {
  return members.filter((member) => !isUnnameable(member))
}

/**
 * Returns Markdown. `elsewhere` has the pages of names that other entries of the package export. Names differ in case alone
 * (`clientFacts`, `ClientFacts`), so each heading has an anchor of its own.
 */
export function renderEntry({ title, members, elsewhere }) {
  const exported = exportedOf(members)
  const others = members.filter((member) => isUnnameable(member) && !elsewhere.has(member.displayName))
  const parts = groups.map((group) => ({
    title: group.title,
    items: exported.filter(({ kind }) => group.kinds.includes(kind)),
  }))
  const links = new Map(
    [...elsewhere]
      .map(([name, page]) => [name, `./${page}.md#${name}`])
      .concat([...exported, ...others].map(({ displayName }) => [displayName, `#${displayName}`])),
  )
  const sections = [...parts, { title: 'Types that these use', items: others }]
    .filter(({ items }) => items.length > 0)
    .map((part) => [
      `## ${part.title}`,
      part.items.map(({ displayName }) => `[${displayName}](#${displayName})`).join(' · '),
      ...part.items.map((item) => renderItem(item, links)),
    ])
  return [
    `# ${title}`,
    `What \`import … from '${title}'\` has, from the comments of its declarations.`,
    ...sections.flat(),
  ].join('\n\n')
}

/** API Extractor marks a declaration that the entry uses and does not export with `~` in its reference. */
function isUnnameable({ canonicalReference }) {
  return canonicalReference.toString().includes('!~')
}

function renderItem(item, links) {
  const members = (item.members ?? []).filter(({ displayName }) => !displayName.startsWith('['))
  return [
    `### ${item.displayName} {#${item.displayName}}`,
    ...describe(item, links),
    ...members.flatMap((member) => renderMember(item, member, links)),
  ].join('\n\n')
}

function renderMember(parent, member, links) {
  const name =
    member.kind === ApiItemKind.Constructor ? 'constructor' : member.displayName.replaceAll('"', '')
  // Overloads share their heading.
  const isFirst = (member.overloadIndex ?? 1) === 1
  return [
    ...(isFirst ? [`#### ${name} {#${parent.displayName}.${name}}`] : []),
    ...describe(member, links),
    ...nestedOptions(parent.displayName, name),
  ]
}

function describe(item, links) {
  const comment = item.tsdocComment
  return [
    ...code(item),
    ...(comment ? [renderSection(comment.summarySection, links)] : []),
    ...parameters(item, links),
    ...(comment ? renderBlocks(comment, links) : []),
    ...usedTypes(item, links),
  ].filter((text) => text !== '')
}

/** A table has a type of hundreds of lines, which says less than its text. */
const longestDeclaration = 30

function code({ kind, excerpt }) {
  const declaration = excerpt.text.replace(/^export (declare )?/, '').trim()
  // Its heading says as much.
  if (kind === ApiItemKind.Interface && /^interface \w+$/.test(declaration)) return []
  const lines = declaration.split('\n')
  const shown =
    lines.length <= longestDeclaration
      ? lines
      : [...lines.slice(0, longestDeclaration), `// … ${lines.length - longestDeclaration} more lines`]
  return [`\`\`\`ts\n${shown.join('\n')}\n\`\`\``]
}

function parameters({ parameters = [] }, links) {
  const described = parameters.flatMap(({ name, tsdocParamBlock }) => {
    const text = tsdocParamBlock ? renderSection(tsdocParamBlock.content, links) : ''
    return text === '' ? [] : [`- \`${name}\`: ${text}`]
  })
  return described.length === 0 ? [] : [`**Parameters**\n\n${described.join('\n')}`]
}

/** Code has no links, so the types of this page that it names follow. */
function usedTypes(item, links) {
  const names = new Set(
    item.excerptTokens
      .filter(({ kind }) => kind === 'Reference')
      .map(({ text }) => text)
      .filter((text) => links.has(text) && text !== item.displayName),
  )
  return names.size === 0
    ? []
    : [`See ${[...names].map((name) => `[${name}](${links.get(name)})`).join(', ')}.`]
}
