// A source of TypeScript to which entries are added. Places are found in the syntax tree, so neither the formatting nor the order of a file matters.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { rootFolder } from '../workspace.mjs'

/** Opens a file by its path from the root. Its edits are in memory until `text()` is written. */
export function openSource(path) {
  const before = readFileSync(join(rootFolder, path), 'utf8')
  const tree = parseAst(before, { lang: path.endsWith('.ts') ? 'ts' : 'js' }, path)
  const edits = []

  function find(what, matches) {
    for (const node of nodesOf(tree)) {
      const found = matches(node)
      if (found) return found
    }
    throw new Error(`${path} has no ${what} any more. Change scripts/new/ with it.`)
  }

  const insert = (position, text) => void edits.push({ position, text, order: edits.length })

  return {
    path,

    /** The properties of `const NAME = { … }`. */
    object: (name) => find(`object "${name}"`, (node) => listNamed(node, name, 'ObjectExpression')),

    /** The elements of `const NAME = [ … ]`. */
    array: (name) => find(`array "${name}"`, (node) => listNamed(node, name, 'ArrayExpression')),

    /** The elements of each array whose constant has such a name. */
    arrays: (pattern) =>
      [...nodesOf(tree)].flatMap((node) =>
        node.type === 'VariableDeclarator' && pattern.test(node.id.name)
          ? [listNamed(node, node.id.name, 'ArrayExpression') ?? []].flat()
          : [],
      ),

    /** The object that a function returns, also as the only argument of a call. */
    returned: (name) => find(`function "${name}" that returns an object`, (node) => returnedBy(node, name)),

    /** The members of `interface NAME { … }`. */
    members: (name) =>
      find(`interface "${name}"`, (node) =>
        node.type === 'TSInterfaceDeclaration' && node.id.name === name
          ? { list: node.body.body, end: node.body.end }
          : null,
      ),

    /** The names of all constants. */
    constants: () =>
      [...nodesOf(tree)].flatMap((node) => (node.type === 'VariableDeclarator' ? [node.id.name] : [])),

    /** Adds an entry behind another one of the same object or array, or at its end. */
    addEntry(container, code, behind = container.list.at(-1)) {
      if (behind) insert(behind.end, `,\n${code}`)
      else insert(container.end - 1, `\n${code},\n`)
    },

    /** Adds a member to an interface or a type, behind another one. */
    addMember(container, code, behind = container.list.at(-1)) {
      insert(behind ? behind.end : container.end - 1, `\n${code}`)
    },

    /** Imports a name, unless it is imported already, at the place where the style check wants it. */
    addImport(name, from) {
      const imports = tree.body.filter(({ type }) => type === 'ImportDeclaration')
      const named = imports.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name))
      if (named.includes(name)) return
      const next = imports.find(({ source }) => isBefore(from, source.value))
      const line = `import { ${name} } from '${from}'\n`
      if (next) insert(next.start, line)
      else insert(imports.at(-1)?.end ?? 0, `\n${line.trimEnd()}`)
    },

    textOf: (node) => before.slice(node.start, node.end),

    /** Changes the text that is the value of a property. */
    setText(name, from, to) {
      const { start, end } = find(`${name}: '${from}'`, (node) =>
        node.type === 'Property' && keyOf(node) === name && node.value.value === from ? node.value : null,
      )
      edits.push({ position: start, end, text: `'${to}'`, order: edits.length })
    },

    /** Replaces the block comment that begins with a text. Comments are not in the tree. */
    setComment(begins, to) {
      const text = before.indexOf(begins)
      const start = before.lastIndexOf('/**', text)
      const end = before.indexOf('*/', text) + 2
      if (text < 0 || start < 0) throw new Error(`${path} has no comment "${begins}" any more.`)
      edits.push({ position: start, end, text: `/** ${to} */`, order: edits.length })
    },

    text() {
      let after = before
      const fromTheEnd = edits.toSorted((a, b) => b.position - a.position || b.order - a.order)
      for (const { position, end = position, text } of fromTheEnd)
        after = after.slice(0, position) + text + after.slice(end)
      return after
    },
  }
}

/** The name of a property, a method or a member. */
export function keyOf({ key }) {
  return key?.type === 'Literal' ? key.value : key?.name
}

export function entry(container, name) {
  return container.list.find((node) => keyOf(node) === name)
}

/** The object, array or type that is the value of an entry, also in a call such as `option({ … })`; `null`: it is something else. */
export function inside(node) {
  const value = unwrapped(node?.value ?? node?.typeAnnotation?.typeAnnotation)
  return listOf(value?.type === 'CallExpression' ? unwrapped(value.arguments[0]) : value)
}

/** The values of a property that are written as texts: one, or those of an array. */
export function textsIn(container, name) {
  const value = unwrapped(entry(container, name)?.value)
  const texts = value?.type === 'ArrayExpression' ? value.elements : [value]
  return texts.flatMap((text) => (text?.type === 'Literal' ? [text.value] : []))
}

/** The function that the value of a property calls, as in `limits: planLimits(options)`. */
export function calledBy(node) {
  const value = unwrapped(node?.value)
  return value?.type === 'CallExpression' ? value.callee.name : null
}

/** Node's modules come first, then packages, then files from afar to near. */
const origins = [/^node:/, /^[^.]/, /^\.\./, /^\./]

function isBefore(one, other) {
  const [rank, otherRank] = [one, other].map((from) => origins.findIndex((origin) => origin.test(from)))
  return rank === otherRank ? one < other : rank < otherRank
}

function listNamed(node, name, type) {
  if (node.type !== 'VariableDeclarator' || node.id.name !== name) return null
  const value = unwrapped(node.init)
  return value?.type === type ? listOf(value) : null
}

function returnedBy(node, name) {
  if (node.type !== 'FunctionDeclaration' || node.id?.name !== name) return null
  const value = unwrapped(node.body.body.findLast(({ type }) => type === 'ReturnStatement')?.argument)
  return listOf(value?.type === 'CallExpression' ? unwrapped(value.arguments[0]) : value)
}

const lists = { ObjectExpression: 'properties', ArrayExpression: 'elements', TSTypeLiteral: 'members' }

function listOf(node) {
  const list = node && lists[node.type]
  return list ? { list: node[list], end: node.end } : null
}

/** Without `as const` and `satisfies`. */
function unwrapped(node) {
  return node && ['TSAsExpression', 'TSSatisfiesExpression', 'ParenthesizedExpression'].includes(node.type)
    ? unwrapped(node.expression)
    : node
}

function* nodesOf(node) {
  if (Array.isArray(node)) for (const each of node) yield* nodesOf(each)
  else if (typeof node?.type === 'string') {
    yield node
    for (const value of Object.values(node)) if (typeof value === 'object') yield* nodesOf(value)
  }
}
